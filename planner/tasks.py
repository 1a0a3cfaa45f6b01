"""Composition only: the rooms' Celery tasks."""
