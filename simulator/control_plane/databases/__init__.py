"""Databases with one writer: who that is, how another becomes it, and what becomes of the old one."""
