"""Alerts: what meets a watch is raised once, followed in a thread, and sent until it has arrived."""
