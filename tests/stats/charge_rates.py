"""Outcomes of child sexual offences (set csa11) recorded by police in 2024/25, by force.

Home Office, crime outcomes open data, edition of 2026 (Open Government Licence v3.0). The offence codes were recovered by
inference. Columns: offences, charged, not yet assigned an outcome.
"""

FORCES = {
    "Avon and Somerset": (2102, 71, 501),
    "Bedfordshire": (658, 46, 92),
    "Cambridgeshire": (825, 135, 76),
    "Cheshire": (1386, 129, 118),
    "Cleveland": (942, 74, 119),
    "Cumbria": (657, 51, 90),
    "Derbyshire": (1019, 92, 121),
    "Devon and Cornwall": (2077, 87, 324),
    "Dorset": (572, 35, 71),
    "Durham": (938, 87, 90),
    "Dyfed-Powys": (606, 32, 74),
    "Essex": (1675, 196, 161),
    "Gloucestershire": (596, 39, 80),
    "Greater Manchester": (3701, 332, 437),
    "Gwent": (786, 42, 191),
    "Hampshire": (2055, 122, 249),
    "Hertfordshire": (828, 60, 98),
    "Humberside": (1192, 19, 559),
    "Kent": (2077, 213, 165),
    "Lancashire": (2018, 144, 176),
    "Leicestershire": (1115, 78, 72),
    "Lincolnshire": (842, 51, 203),
    "London, City of": (7, 1, 1),
    "Merseyside": (1588, 186, 185),
    "Metropolitan Police": (5222, 393, 2566),
    "Norfolk": (1032, 110, 127),
    "North Wales": (890, 60, 115),
    "North Yorkshire": (744, 98, 97),
    "Northamptonshire": (984, 59, 141),
    "Northumbria": (1861, 197, 208),
    "Nottinghamshire": (1099, 117, 100),
    "South Wales": (1353, 169, 152),
    "South Yorkshire": (1794, 115, 222),
    "Staffordshire": (1267, 136, 156),
    "Suffolk": (850, 78, 46),
    "Surrey": (756, 62, 110),
    "Sussex": (1723, 119, 216),
    "Thames Valley": (1978, 141, 348),
    "Warwickshire": (732, 53, 84),
    "West Mercia": (1263, 101, 170),
    "West Midlands": (3185, 215, 293),
    "West Yorkshire": (3742, 228, 1003),
    "Wiltshire": (651, 57, 91),
}
TRANSPORT = {"British Transport Police": (88, 12, 13)}
CHARGED = [charged for _, charged, _ in FORCES.values()]
CLOSED = [offences - pending for offences, _, pending in FORCES.values()]
