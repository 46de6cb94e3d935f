"""Figures worked out before any reader was written, against which the readers are held to the unit.

4a: recorded crime, 43 forces, by financial year (2025/26 has three quarters); 86 is obscene publications etc.
4b: outcomes of child sexual offences (11 codes) recorded in 2024/25, by force; o16: victim does not support
action, suspect identified. 4c: the same offences, 44 forces, by code: total, charged %, pending %. 4d:
children in need, England, episodes by factor, years to 31 March.
"""

from __future__ import annotations


def table(text: str) -> dict[str, dict[str, str]]:
    """A table of the text: first row its columns, first column its keys, columns parted by bars."""
    header, *rows = ([cell.strip() for cell in line.split("|")] for line in text.strip().splitlines())
    return {row[0]: dict(zip(header[1:], row[1:], strict=True)) for row in rows}


TABLE_4A = table(
    """
    year|17B|19D|19E|19G|19H|20B|21|22B|71|73|88A|csa11|19J|19K|86|all-sexual
    2012/13|1269|2801|2371|352|788|4172|2173|4460|176|191|369|19122|0|0|3493|52958
    2013/14|1649|3405|2834|416|1125|5126|2887|5876|288|193|457|24256|0|0|4600|63423
    2014/15|2434|4465|3530|668|1387|6280|4706|8674|365|212|677|33398|0|0|8028|87540
    2015/16|2659|5328|4349|696|1865|7483|5876|11606|574|238|955|41629|0|0|13072|105904
    2016/17|3360|5985|4561|843|2165|8136|7831|13420|631|273|1151|48356|0|0|18837|121462
    2017/18|3792|7637|5557|892|2615|9748|8572|14968|1056|285|4610|59732|0|0|23215|151023
    2018/19|3854|8023|5978|981|2701|10167|9547|15550|949|274|5872|63896|0|0|25279|162500
    2019/20|3738|7281|5268|977|2354|9651|9591|14916|990|335|6326|61427|1280|184|26959|161451
    2020/21|3262|6641|5179|839|2159|9532|9461|12826|1029|255|6389|57572|1119|158|31924|147042
    2021/22|3738|9473|6093|993|2341|12212|10489|13844|1132|278|6903|67496|1462|178|35497|191465
    2022/23|3933|9370|5480|863|2140|11565|9779|13697|1163|264|6673|64927|1487|198|40905|192819
    2023/24|4368|8499|5180|762|2112|11338|8054|12593|988|298|7240|61432|1638|210|39686|186619
    2024/25|4680|8654|5099|822|2156|11478|7474|12605|962|318|7140|61388|1904|247|41838|206842
    2025/26|3431|6072|3749|658|1568|8846|5357|8977|823|247|5734|45462|1805|220|30894|161725
    """
)

TABLE_4B = table(
    """
    force | offences | charged | pending | o16 | 71
    Avon and Somerset | 2102 | 71 | 501 | 415 | 15
    Bedfordshire | 658 | 46 | 92 | 167 | 5
    British Transport Police | 88 | 12 | 13 | 4 | 2
    Cambridgeshire | 825 | 135 | 76 | 210 | 45
    Cheshire | 1386 | 129 | 118 | 262 | 2
    Cleveland | 942 | 74 | 119 | 151 | 4
    Cumbria | 657 | 51 | 90 | 158 | 5
    Derbyshire | 1019 | 92 | 121 | 219 | 30
    Devon and Cornwall | 2077 | 87 | 324 | 473 | 18
    Dorset | 572 | 35 | 71 | 170 | 4
    Durham | 938 | 87 | 90 | 209 | 62
    Dyfed-Powys | 606 | 32 | 74 | 143 | 8
    Essex | 1675 | 196 | 161 | 417 | 13
    Gloucestershire | 596 | 39 | 80 | 140 | 19
    Greater Manchester | 3701 | 332 | 437 | 697 | 71
    Gwent | 786 | 42 | 191 | 80 | 2
    Hampshire | 2055 | 122 | 249 | 406 | 20
    Hertfordshire | 828 | 60 | 98 | 144 | 11
    Humberside | 1192 | 19 | 559 | 176 | 17
    Kent | 2077 | 213 | 165 | 493 | 22
    Lancashire | 2018 | 144 | 176 | 432 | 29
    Leicestershire | 1115 | 78 | 72 | 181 | 37
    Lincolnshire | 842 | 51 | 203 | 144 | 19
    London, City of | 7 | 1 | 1 | 1 | 0
    Merseyside | 1588 | 186 | 185 | 310 | 22
    Metropolitan Police | 5222 | 393 | 2566 | 688 | 34
    Norfolk | 1032 | 110 | 127 | 255 | 13
    North Wales | 890 | 60 | 115 | 129 | 3
    North Yorkshire | 744 | 98 | 97 | 165 | 25
    Northamptonshire | 984 | 59 | 141 | 187 | 7
    Northumbria | 1861 | 197 | 208 | 431 | 14
    Nottinghamshire | 1099 | 117 | 100 | 257 | 6
    South Wales | 1353 | 169 | 152 | 242 | 8
    South Yorkshire | 1794 | 115 | 222 | 423 | 25
    Staffordshire | 1267 | 136 | 156 | 253 | 26
    Suffolk | 850 | 78 | 46 | 171 | 9
    Surrey | 756 | 62 | 110 | 153 | 19
    Sussex | 1723 | 119 | 216 | 374 | 28
    Thames Valley | 1978 | 141 | 348 | 492 | 11
    Warwickshire | 732 | 53 | 84 | 146 | 8
    West Mercia | 1263 | 101 | 170 | 346 | 23
    West Midlands | 3185 | 215 | 293 | 1044 | 114
    West Yorkshire | 3742 | 228 | 1003 | 333 | 93
    Wiltshire | 651 | 57 | 91 | 130 | 16
    """
)

TABLE_4C = table(
    """
    code | 2018/19 | 2018/19 charged | 2018/19 pending | 2024/25 | 2024/25 charged | 2024/25 pending
    17B | 3816 | 3.6 | 15.6 | 4696 | 2.8 | 9.5
    19D | 7883 | 2.6 | 24.3 | 8666 | 4.6 | 22.9
    19E | 5831 | 4.8 | 28.1 | 5100 | 6.5 | 25.5
    19G | 978 | 2.8 | 23.8 | 824 | 4.4 | 19.4
    19H | 2644 | 3.5 | 26.2 | 2156 | 3.6 | 23.3
    20B | 10152 | 4.7 | 18.9 | 11511 | 4.7 | 15.0
    21 | 9497 | 4.4 | 14.7 | 7482 | 6.4 | 12.2
    22B | 15476 | 5.1 | 16.0 | 12619 | 8.3 | 14.1
    71 | 1016 | 13.2 | 26.9 | 964 | 26.1 | 19.8
    73 | 277 | 5.8 | 21.3 | 318 | 6.0 | 27.0
    88A | 5838 | 10.2 | 20.9 | 7140 | 21.6 | 19.9
    all | 63408 | 5.0 | 19.6 | 61476 | 7.9 | 17.1
    """
)

TABLE_4D = table(
    """
    year|Episodes_with_assessment_factor|Child_sexual_exploitation|Going_missing|Trafficking|Gangs|Child_criminal_exploitation
    2018|482750|20000|16070|2070|8650|-
    2019|498870|18720|15740|2490|10960|-
    2020|522990|18700|18200|3010|14700|-
    2021|496030|16830|14940|2710|12720|-
    2022|508730|16330|15740|2470|11600|10140
    2023|508360|15020|17930|2710|11110|14420
    2024|506370|13860|17860|2590|10180|15750
    2025|513250|12400|16940|2250|8860|16250
    """
)
