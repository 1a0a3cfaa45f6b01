"""Pages of this room: the inbox, how one is told, links of the mails, delivery and its log, addresses for machines."""
