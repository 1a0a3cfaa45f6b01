"""What happened: one Entry per act, and Revisions of what people wrote. Imports base only.

Start with `operations.record`. Rooms above register the sentence of each verb in their own `operations.py`.
"""
