"""Mutation testing of submissions: which changes to a good one does no rule notice?"""
