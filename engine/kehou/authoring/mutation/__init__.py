"""Mutation testing of rules: are the cases enough?"""
