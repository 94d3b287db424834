"""The year's scores by a bureau's scheme, and the ranking of schools.

Takes a scheme, reports and scores given by people; gives score sheets and rankings.
"""
