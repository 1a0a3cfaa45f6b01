"""What people say to us: complaints and questions received, what was decided about each, and the post that it led to.

It may import posts and every room below; a signal points to a post, never the reverse. Start with `operations.receive`.
"""
