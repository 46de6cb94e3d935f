"""Vocabulary of claims that can be judged: the grammar, its words, and reasons for refusing other words.

`claim_rules` explains the notation. A word in no rule is not understood, and then nothing is judged.
"""

from __future__ import annotations

from assay.indicators.indicator_wording import NO_FLAG

GRAMMAR = """
-- A text is one claim, or several of which each is judged. Denied is only what one claim says.
text = [ <true> ] <claims> ( . ) * | <untrue> {not} <claim> ( . ) *
claims = <claim> ( <joiner> {next} <claim> | <of_which> ) *
of_which = ( , | . ) of ( which | these | those ) [ , ] {next} {level} <few_or_none> {unit=part} <ended>
    | ( , | . ) of ( which | these | those ) [ , ] {next} {level} [ <bound> ] ( <number> {unit=count} |
    <plain> <percent> {unit=percent} | <one_in> ) [ have | had ] <ended>
joiner = and | , and | but | , but | while | , while | ; | . | ; and | . and
true = it is ( true | correct | right | the case ) [ that ] | [ please ] note that
  | ( members | the committee | the panel | the board | the house ) ( will | may | should | may wish to | are asked
    to ) note that | it ( should | may | can ) be noted that
untrue = ( it is | it 's | it was ) ( [ simply ] not ( true | correct | right | the case ) | untrue | false |
    incorrect | wrong ) ( that | to say [ that ] )
claim = [ <place> : ] <beside> <said> <beside>
said = <figures> ( show | shows | showed | reveal | revealed | confirm ) <noun_of_change> <beside> in <what> [
    <beside> of <size> ] [ <beside> [ , ] <ends> ]
  | <what> <beside> <reached> | <what> [ : ] <beside> <change>
  | <place> ( saw | has seen | had ) <what> <beside> <change> | <what> <beside> <compared_below>
  | <what> <beside> <stood> [ <beside> <tail> ] | {at} <year> saw <object> [ <beside> <tail> ]
  | <what> <beside> <underwent> | <recorders> <beside> <recorded> | <there>
  | <noun_of_change> <beside> in <what> <beside> ( was | has been ) ( recorded | seen | observed ) | <noun_was>
  | <count_was_recorded> [ <beside> <tail> ]
    | [ <size> ] ( ( fewer | less ) {way=fell} | more {way=rose} ) <offences> <beside> ( were | are | have been )
    recorded {recorded} [ <by_police> ]
  | <share_ended> [ <beside> <tail> ]

-- What stands beside the claim: where, when, and whose figures.
beside = ( [ , ] <aside> [ , ] ) *
aside = <where> | <when> | <source> | overall | in total | now {latest}
where = ( in | across | for | within | throughout | at ) <place> | nationally {place=EW} | nationwide {place=EW}
place = [ the | all of | the whole of ] #place [ police ] [ force ] [ service | constabulary ] [ area ]
by_police = by [ the ] police [ forces | force ] | by <place>
source = according to <figures> | [ as ] <figures> ( show | shows | showed | reveal | revealed | confirm ) [ that ]
figures = [ the ] [ latest {latest} ] <publisher>
    | [ the | its own | published | official ] [ latest {latest} ] [ official | published | national | police | home
    office ] [ recorded crime | crime ] ( figures | data | statistics | records | numbers ) [ ( from | of | by |
    published by ) ( the home office | the police ) ]
publisher = home office | police

-- When: every year must agree with the years that were asked about.
year = [ the ] [ financial ] year [ of ] #financial_year | [ the ] [ fy ] #financial_year [ financial year ]
    | [ the ] ( [ financial ] year | 12 months | twelve months ) ( ending | ended | to | up to ) [ [ the ] end of ]
    [ 31 ] [ st ] march #year_ending
  | [ the ] [ financial ] year ( starting | beginning ) [ in ] april #year_starting | #calendar_year
when = between the [ financial ] years ( ending | to | ended ) [ 31 ] march {from} #year_ending and [ [ 31 ] march ]
    {to} #year_ending
  | ( in | during | for | , in ) [ the ] last [ financial ] year [ , ] {at} <year>
  | last [ financial ] year [ , ] {at} <year>
  | ( in | during | for ) {at} <year> | ( since | starting in ) {from} <year> | by {to} <year>
    | [ , ] ( compared | when compared ) ( with | to ) [ that of | those of | the figure for ] [ in |
    <offences_there> in ] {from} <year> [ levels ]
  | ( on | against | from | versus | relative to | in comparison with | in comparison to ) {from} <year> [ levels ]
  | than [ it was | they were | were recorded | those | the number | the figure ] [ in | for ] {from} <year>
  | [ in the period ] between [ [ the ] [ financial ] years ] {from} <year> and {to} <year>
  | ( in | over | during ) the period {from} <year> ( to | and ) {to} <year>
  | from {from} <year> ( to | until | up to | through to ) {to} <year> | <span> | <years_on>
offences_there = offences | those | figures | levels | recorded offences
span = <in_the_last> <years> [ period ] [ ( to | ending in | up to | ending ) {to} ( <year> | march #year_ending ) |
    since {from} <year> | from {from} <year> to {to} <year> ]
  | <in_the_last> ( year | 12 months | twelve months ) {years=1} [ to {to} <year> ] | year on year {years=1}
  | ( on | than | from | compared with | compared to ) <earlier>
  | ( over | during | in | across | throughout ) ( the | this | that ) ( period | time | interval )
  | between the two years
in_the_last = ( over | in | within | during | across | throughout ) [ a | the | the space of | the course of ] [
    last {latest} | past {latest} | latest {latest} ]
years = {span} #small_number ( year | years ) | decade {years=10}
earlier = [ in | it was | they were ] ( the ( previous | preceding ) [ financial ] year {years=1} | the year before
    {years=1} | ( a | one ) year ( earlier | before | previously ) {years=1} | {span} #small_number years ( earlier
    | before | previously | ago {latest} ) )
years_on = {span} #small_number years ( on | later ) | a year ( on | later ) {years=1}

-- What is counted.
what = [ the ] [ total | overall | combined ] [ recorded {recorded} ] <amount_of> <offences>
  | [ the ] [ all {total} | total {total} | overall {total} | combined {total} ] <offences> | <the_count>
  | <charges> | <charge_rate> | <share_of>
amount_of = ( number | numbers | count | counts | volume | volumes | level | levels | total ) of
  | ( figure | figures | total ) for
the_count = the ( count | series | figure | figures | total | number | numbers ) {kind=offences} ( <beside> <after>
    ) *
offences = [ the ] [ <owner> ] [ <before> ] [ total {total} | overall {total} ] <noun> ( <beside> <after> ) *
owner = <place> [ 's ]
before = ( recorded | police recorded | officially recorded ) {recorded}
noun = ( offences | crimes | cases ) {kind=offences} | [ offences of | crimes of | cases of ] #kind
  | [ offences under ] code #code [ offences ]
after = [ that were | which were | that are | being | officially ] recorded {recorded} [ <by_police> ]
  | [ that | which ] [ the ] police [ forces ] recorded {recorded} | in <place>

-- It rose or fell.
compared_below = [ <was> ] <size> ( below {way=fell} | above {way=rose} ) ( ( the | its ) ( figure | number | level
    | total | count ) | that | those | levels ) [ recorded | seen ] ( for | in | of ) {from} <year>
    | [ <was> ] <size> ( below {way=fell} | above {way=rose} ) ( its | the | their ) {from} <year> ( figure | number
    | level | total | levels )
    | [ <was> ] ( below {way=fell} | above {way=rose} ) ( its | the | their ) {from} <year> ( figure | number |
    level | total | levels )
change = ( went | moved ) <ends> <beside> , ( <a_fall> of <size> | <a_sized_fall> )
  | [ <has> ] <moved> <amounts> | [ <was> ] <size> ( lower | down | fewer ) {way=fell} <amounts>
  | [ <was> ] <size> ( higher | up | more ) {way=rose} <amounts>
has = ( is | are | was | were ) [ not {not} ] [ now {latest} ] [ being ]
  | ( has | have | had ) [ not {not} ] [ now {latest} ] [ been ]
  | did [ not {not} ] | do not {not} | does not {not}
was = ( is | are | was | were ) [ not {not} ] [ now {latest} ] | ( has | have | had ) [ not {not} ] been
moved = [ <how> ] <direction> [ <how> ] | <multiple> | [ <how> ] <strong>
direction = <down> {way=fell} | <up> {way=rose} | <same> {way=unchanged} | <other> {way=changed}
down = fell | fall | falls | fallen | falling | dropped | drop | drops | dropping | decreased | decrease | decreases
  | decreasing | declined | decline | declines | declining | down | lower | reduced | reduce | reducing | lessened
  | shrank | shrunk | shrinking | dipped | waned | waning | cut | dwindled
  | ( went | gone | going | go | came | come | coming ) down | in decline
  | on the ( wane | decline | decrease | way down )
up = rose | rise | rises | risen | rising | increased | increase | increases | increasing | grew | grow | grows
  | grown | growing | climbed | climb | climbing | jumped | jump | mounted | up | higher | expanded
  | ( went | gone | going | go ) up | on the ( rise | increase | up | way up )
same = [ broadly | largely | virtually | essentially | almost | roughly | relatively | about ] ( unchanged | stable
    | flat | steady | static | level | the same | constant )
    | ( stayed | remained | held | stay | remain | hold | staying | remaining | was | were ) [ broadly | largely |
    virtually | essentially | almost | roughly | relatively | about ] ( unchanged | stable | flat | steady | static
    | level | the same | constant )
  | ( hardly | barely | scarcely ) ( changed | moved ) | levelled off | plateaued | stagnated
other = went | changed | change | gone | moved | go
strong = ( plummeted | plunged | collapsed | slumped | tumbled | crashed | nosedived ) {strength=strong} {way=fell}
    | ( soared | surged | rocketed | skyrocketed | leapt | spiked | shot up | ballooned | exploded | mushroomed )
    {strength=strong} {way=rose}
multiple = {size} [ <bound> ] ( halved {way=fell} {part=0.5} | halve {way=fell} {part=0.5} | ( doubled | double |
    doubling ) {way=rose} {part=1} | ( tripled | trebled | triple | treble ) {way=rose} {part=2} | ( quadrupled |
    quadruple ) {way=rose} {part=3} | quintupled {way=rose} {part=4} )
how = ( slightly | marginally | a little | a bit | very slightly ) {strength=slight}
    | [ very ] ( sharply | significantly | dramatically | substantially | considerably | markedly | steeply | hugely
    | massively | rapidly | strongly | heavily | greatly | drastically | enormously | a lot | by a lot )
    {strength=strong}
amounts = [ <beside> [ , ] <by> ] [ <beside> [ , ] [ moving | going ] <ends> [ , ] ] [ <beside> , <a_fall> of <size>
    | <beside> , <a_sized_fall> ]
  | [ <beside> [ , ] <ends> ] [ <beside> [ , ] <by> ]
by = by {size} #number ( [ <percent> ] - | to ) #upper <percent> {unit=percent}
  | by <size> [ <beside> [ , ] or {also} <plain_size> ]
  | by <size> [ [ , ] {also} <plain_size> [ , ] ] | <relative_size> [ , {also} <plain_size> , ]
  | <relative_size> | by between {size} #number [ % | percent | per cent ] and #upper <percent> {unit=percent}
ends = from {start} <level> [ <in_first> ] [ , ] to {end} <level> [ <in_last> ]
  | to {end} <level> [ <in_last> ] [ , ] from {start} <level> [ <in_first> ] | to {end} <level> [ <in_last> ]
  | {crossed} {end} ( ( below | under ) {bound=less_than} | above {bound=more_than} ) <number> {unit=count}
    [ offences | crimes | cases ] [ <in_last> ]
in_first = ( in | for | during ) {from} <year> | [ , ] <earlier>
in_last = ( in | for | during | by ) {to} <year>
a_fall = a ( <down_noun> {way=fell} | <up_noun> {way=rose} )
a_sized_fall = ( a | an ) <size> ( <down_noun> {way=fell} | <up_noun> {way=rose} )
down_noun = fall | drop | decrease | decline | reduction | dip
up_noun = rise | increase | growth | jump | climb

-- Sizes and levels.
plain_size = #number <percent> {unit=percent} | <number> {unit=count} [ offences | crimes | cases ]
size = <relative_size> | <counted_size>
relative_size = {size} [ <bound> ] <relative> [ <or_more> ]
counted_size = {size} [ <bound> ] <number> {unit=count} [ recorded ] [ offences | crimes | cases ] [ <or_more> ]
relative = <plain> <percent> {unit=percent} | #number <points> {unit=points} | <fraction> {unit=part}
  | <fold> {unit=fold}
percent = % | percent | per cent | pc
points = percentage point | percentage points | % point | % points | percent points | pp
plain = #number | #number_word
number = #number | #number thousand {times=1000} | #number_word thousand {times=1000}
  | #number million {times=1000000} | #number_word
fraction = [ a | one ] half {part=0.5} | ( a | one ) #part | #small_number #parts
fold = #fold | #small_number fold
or_more = or so {bound=about} | or ( more | greater | higher ) {bound=at_least}
  | or ( less | fewer | under ) {bound=at_most}
level = [ <bound> ] ( <plain> <percent> {unit=percent} | <number> {unit=count} [ recorded ] [ offences | crimes |
    cases ] ) [ <or_more> ]
bound = [ only | just | a mere ] <hedge> | only | just | a mere | a total of
hedge = ( about | ~ | around | roughly | approximately | some | approx | circa | close to | in the region of )
    {bound=about}
    | ( nearly | almost | just under | just below | not quite | slightly less than | slightly under | slightly fewer
    than | a little under | a little less than ) {bound=nearly}
    | ( just over | just above | just more than | slightly more than | slightly over | a little over | a little more
    than ) {bound=just_over}
    | ( more than | over | above | upwards of | greater than | higher than | in excess of | well over )
    {bound=more_than}
  | ( at least | no less than | no fewer than | not less than | a minimum of ) {bound=at_least}
  | ( less than | under | below | fewer than | lower than | well under ) {bound=less_than}
  | ( at most | no more than | not more than | a maximum of ) {bound=at_most}
  | ( exactly | precisely ) {bound=exactly}

-- Who recorded how many, or how many more or fewer.
recorders = [ the ] [ 43 ] police [ forces | force | officers ] [ <where> ] | <place> | [ the ] [ 43 ] forces
recorded = ( [ have | has | had ] ( recorded | logged | registered | counted ) | did not {not} record | has not
    {not} recorded | have not {not} recorded | recording ) {recorded} <beside> <object> [ <beside> <tail> ]
  | ( did not {not} see | [ have | has | had ] ( saw | seen | had | experienced ) ) <object> [ <beside> <tail> ]
there = there ( is | are | was | were | has been | have been | had been ) [ not {not} ] <object> [ <beside> <tail> ]
object = {level} [ <bound> ] <number> {unit=count} <offences>
    | {level} ( none | no | not a single ) {bound=at_most} {whole=0} {unit=count} <offences>
    | {level} ( [ only | just ] [ a ] [ very ] few | hardly any | scarcely any | almost no ) {bound=few} {whole=0}
    {unit=count} <offences>
    | [ <size> ] ( fewer | less ) {way=fell} <offences>
  | [ <size> ] more {way=rose} <offences>
    | <times_as_many> <offences> [ <beside> as in {from} <year> ]
    | {way=changed} {start} [ <bound> ] <number> {unit=count} <offences> in {from} <year> ( and | but ) {end}
    <level> in {to} <year>
  | <noun_of_change> <beside> in <what> [ <beside> of <size> ] [ <beside> [ , ] <ends> ]
times_as_many = {size} [ <bound> ] ( twice | double ) {part=1} ( as many | the number of ) {way=rose}
  | {size} [ <bound> ] #small_number times {unit=fold} as many {way=rose}
  | {size} [ <bound> ] half {part=0.5} as many {way=fell}
underwent = ( [ has | have | had ] ( saw | seen | showed | shown | show | recorded | experienced | registered | had
    ) ) <noun_of_change> [ <beside> [ , ] <ends> ]
noun_of_change = ( a | an | the ) [ <kind_of> ] [ <size> ] [ <kind_of> ] <change_noun> [ <beside> of <size> ]
  | no {not} [ real | overall ] ( <change_noun> | change {way=changed} ) | little change {way=unchanged}
change_noun = <down_noun> {way=fell} | <up_noun> {way=rose} | halving {size} {part=0.5} {way=fell}
  | doubling {size} {part=1} {way=rose}
kind_of = ( slight | small | modest | marginal | minor ) {strength=slight}
    | ( sharp | significant | dramatic | substantial | considerable | marked | steep | huge | massive | big | large
    | major | rapid ) {strength=strong}
  | overall
noun_was = the [ overall ] <change_noun> <beside> in <what> <beside> ( was | is ) [ not {not} ] <size>

-- A level, and then how it compares: '2,077, down from 2,544 in 2021/22'.
tail = , [ which is | that is | which was ] [ <size> ] ( down | lower | fewer | less ) {way=fell} [ <beside> <by> |
    <counted_size> ]
    [ from {start} <level> [ <in_first> ] ]
    | , [ which is | that is | which was ] [ <size> ] ( up | higher | more ) {way=rose} [ <beside> <by> |
    <counted_size> ] [ from {start} <level> [ <in_first> ] ]
  | , [ which is | that is | which was ] <noun_of_change> [ from {start} <level> [ <in_first> ] ]
  | [ , ] ( compared | compares ) ( with | to ) {way=changed} {start} <level> [ <in_first> ]

-- How many there were.
stood = ( [ has | have | had ] ( stood at | stand at | stands at | reached | totalled | numbered | came to |
    amounted to | hit | was | were | is | are | been | reach | standing at ) ) [ not {not} ] [ now {latest} ]
    [ at ] {level} <level>
  | [ has | have | had ] ( exceeded | topped | surpassed | passed ) {level} {bound=more_than} ( <plain> <percent>
    {unit=percent} | <number> {unit=count} [ <offences_or> ] )
offences_or = offences | crimes | cases
reached = ( reached | stood at | was | were ) {start} <level> [ <in_first> ] [ , ] before ( ( falling | dropping |
    decreasing | declining ) {way=fell} | ( rising | increasing | climbing | growing ) {way=rose} ) to {end} <level>
    [ <in_last> ]
count_was_recorded = {level} [ <bound> ] <number> {unit=count} <offences> <beside> [ ( were | was | are | have been |
    had been ) [ not {not} ] ] recorded {recorded} [ <by_police> ]
  | {level} ( no | not a single ) {bound=at_most} {whole=0} {unit=count} <offences> <beside> ( were | was | have been |
    had been ) recorded {recorded} [ <by_police> ]
  | <times_as_many> <offences> <beside> ( were | have been ) recorded {recorded} [ <by_police> ] <beside> as in {from}
    <year>

-- What became of the offences.
share_ended = in {level} [ <bound> ] <share> [ of ] <base> [ , ] ( the victim did not support [ further | police ]
    action {measure=unsupported} | ( a suspect | someone | somebody ) was charged {measure=charged} )
    | no suspect was identified in {measure=no_suspect} {level} [ <bound> ] <share> [ of ] <base>
    | ( charges were brought | a suspect was | suspects were | someone was | somebody was | police ( brought charges
    | charged a suspect | charged someone | secured a charge ) ) [ charged ] in {measure=charged} {level} [ <bound>
    ] <share> [ of ] <base>
    | of [ the ] <offences> <beside> , {level} <few_or_none> {unit=part} [ of ( them | these | those ) ] <ended>
    | of [ the ] <offences> <beside> , {level} [ <bound> ] ( #number <percent> {unit=percent} | <one_in> |
    <fraction> {unit=part} ) [ have | had ] <ended>
  | of [ the ] <offences> <beside> , {level} [ <bound> ] <number> {unit=count} <ended>
  | {level} [ <bound> ] <share> [ of ] <base> <beside> <ended>
  | {level} [ <bound> ] <number> {unit=count} <offences> <beside> <ended>
share = ( most [ of ] | ( the | a ) majority of ) {bound=more_than} {unit=part} {part=0.5}
  | ( a | the ) minority of {bound=less_than} {unit=part} {part=0.5} | <plain> <percent> {unit=percent} of
  | <few_or_none> {unit=part} [ of ]
  | <one_in> | <fraction> {unit=part} of
few_or_none = [ only | just ] [ a ] [ very ] few {bound=few} {part=0.5}
    | ( hardly any | scarcely any | barely any | almost none | almost no | virtually none | virtually no | next to
    none ) {bound=few} {part=0.1}
  | ( none | no | not one | not a single ) {bound=at_most} {part=0}
one_in = #small_number [ offence | crime ] in [ every ] #out_of {unit=in}
base = [ all ] [ of ] [ the ] <offences> | [ all ] [ the ] closed {closed} <offences>
  | <offences> ( closed | that were closed | with an outcome | that had an outcome ) {closed}
  | those closed {closed} {kind=offences} | those [ that were ] recorded {recorded} {kind=offences}
    | those recorded {recorded} in {at} <year> {kind=offences}
ended = <charged> {measure=charged} | <not_charged> {measure=not_charged} | <pending> {measure=pending}
  | <no_suspect> {measure=no_suspect} | <unsupported> {measure=unsupported}
charged = [ have | has | had ] ( ended in | end in | ends in | ended with | resulted in | result in | results in |
    led to | lead to | leads to | leading to | ending in | resulting in | concluded with ) <a_charge>
  | ( were | was | have been | are ) charged | charged | that ( ended in | resulted in | led to ) <a_charge>
  | ( received | got | had ) <a_charge>
a_charge = [ a | the ] ( charge | charges | charge or summons | summons or charge | suspect being charged | charging
    ) [ or summons ]
  | anyone being charged | someone being charged | a suspect charged
not_charged = did not ( end in | result in | lead to ) <a_charge> | ( have | has | had ) not [ yet ] ( ended in |
    resulted in | led to ) <a_charge> | ( were | was ) not charged
  | ( ended | went ) without <a_charge>
pending = ( were | was | are | is | remained | remain ) [ still ] ( pending | under investigation | not yet assigned
    an outcome | without an outcome | awaiting an outcome | open | unresolved )
    | [ still ] ( had | have | has ) ( no outcome [ yet ] | not yet been assigned an outcome | not been assigned an
    outcome | yet to be assigned an outcome | yet to receive an outcome | yet to be given an outcome )
  | [ still ] ( pending | under investigation ) | with no outcome [ yet ]
no_suspect = ( ( were | was ) closed | ended | closed ) ( with no suspect identified | without a suspect identified
    | because no suspect was identified | without a suspect being identified | with no suspect )
unsupported = ( ( were | was ) closed | ended | closed ) ( because | as | since | where ) the victim did not support
    [ further | police ] action
charges = [ the ] [ number of ] ( charges | charges brought ) {measure=charged} [ ( for | in | over ) <offences> |
    {kind=offences} ]
  | [ the ] [ number of ] charged {measure=charged} <offences> | [ the ] [ number of ] <offences> <ended>
  | [ the ] [ number of ] pending {measure=pending} <offences>
charge_rate = [ the | its | <owner> ] [ police ] ( charge | charging ) rate {measure=charged} {share} [ for <offences> |
    {kind=offences} ]
share_of = the ( share | proportion | percentage ) of <base> <beside> [ that | which ] <ended> {share}
"""

KINDS: tuple[tuple[str, str], ...] = (
    *((f"{noun} {target}", "child sexual offences")
      for noun in ("sexual offences", "sex offences", "sexual crimes", "sex crimes", "sexual abuse offences")
      for target in ("against children", "involving children", "against a child", "on children")),
    *((f"child {noun}", "child sexual offences")
      for noun in ("sexual offences", "sex offences", "sexual crimes", "sex crimes", "sexual abuse offences",
                   "sexual abuse crimes", "sex abuse offences", "sex abuse crimes", "sexual abuse cases",
                   "sexual offence cases", "sexual offence numbers", "sex offence numbers")),
    ("child sexual abuse", "abuse"), ("child sex abuse", "abuse"), ("child abuse", "child abuse"),
    ("sexual abuse of children", "abuse"), ("abuse", "child abuse"),
    ("sexual offences", "sexual offences"), ("sex offences", "sexual offences"), ("sexual crimes", "sexual offences"),
    ("sex crimes", "sexual offences"), ("sexual crime", "sexual offences"), ("sex crime", "sexual offences"),
    *((f"{qualifier}grooming{noun}", "grooming")
      for qualifier in ("", "sexual ", "child ", "child sexual ")
      for noun in ("", " offences", " crimes", " cases")),
    ("offences of sexual grooming", "grooming"), ("offences of grooming", "grooming"),
    *((f"{qualifier}{noun}", "rape of children")
      for qualifier in ("child ", "")
      for noun in ("rape", "rapes", "rape offences")),
    *((f"{noun} of {child_noun}", "rape of children")
      for noun in ("rape", "rapes") for child_noun in ("children", "a child", "girls", "boys")),
    *((f"rape{s} of {child_noun} {age}", f"rape of a {sex} child {age}")
      for s in ("", "s")
      for child_noun, sex in (("girls", "female"), ("boys", "male"), ("a girl", "female"), ("a boy", "male"))
      for age in ("under 13", "under 16")),
    ("child sexual exploitation", "exploitation"), ("child exploitation", "exploitation"), ("cse", "exploitation"),
    ("child sexual exploitation offences", "exploitation"), ("cse offences", "exploitation"),
    ("child sexual exploitation crimes", "exploitation"), ("cse crimes", "exploitation"), ("cse cases", "exploitation"),
    ("child sexual exploitation cases", "exploitation"), ("child exploitation offences", "exploitation"),
    ("exploitation", "exploitation"), ("exploitation offences", "exploitation"),
    ("sexual exploitation", "exploitation"),
    ("grooming gangs", "exploitation"), ("grooming gang offences", "exploitation"),
    ("exploitation of children", "exploitation"), ("sexual exploitation of children", "exploitation"),
    ("contact sexual offences against children under 13", "contact offences under 13"),
    ("contact offences against children under 13", "contact offences under 13"),
    ("child sexual offences without grooming", "without grooming"),
    ("child sexual offences excluding grooming", "without grooming"),
    ("crime", "crime"), ("crime cases", "crime"), ("victims", "people"), ("children", "people"),
    ("child victims", "people"),
    ("suspects", "people"), ("offenders", "people"), ("girls", "people"), ("boys", "people"), ("people", "people"),
    ("perpetrators", "people"), ("abusers", "people"), ("victims of child sexual offences", "people"),
)  # fmt: skip
"""Words for what is counted, and what they mean; the official name of every offence code and set is known besides."""

SERIES_OF = {
    "child sexual offences": ("csa11", "csa11-multiple", "csa11-images", "csa11-no-grooming"),
    "abuse": ("csa11", "csa11-multiple", "csa11-images", "csa11-no-grooming"),
    "sexual offences": ("all-sexual",),
    "grooming": ("88A",),
    "rape of children": (),
    "rape of a female child under 16": ("19D",),
    "rape of a female child under 13": ("19E",),
    "rape of a male child under 16": ("19G",),
    "rape of a male child under 13": ("19H",),
    "contact offences under 13": ("contact-under-13",),
    "without grooming": ("csa11-no-grooming",),
}
"""Which offence keys count what these words mean."""

SHORT_NAMES = {
    "E23000001": ("scotland yard", "the met"), "E23000003": ("lancs",), "E23000014": ("west mids",),
    "E23000015": ("staffs",), "E23000017": ("warks",), "E23000018": ("derbys",), "E23000019": ("notts",),
    "E23000020": ("lincs",), "E23000021": ("leics",), "E23000022": ("northants",), "E23000023": ("cambs",),
    "E23000026": ("beds",), "E23000027": ("herts",), "E23000029": ("thames valley",), "E23000030": ("hants",),
    "E23000037": ("glos", "gloucs"), "E23000038": ("wilts",), "E23000010": ("west yorks",),
    "E23000011": ("south yorks",), "E23000009": ("north yorks",), "BTP": ("transport police",),
    "EW": ("england and wales", "england & wales", "the country", "country"),
}  # fmt: skip

NOT_FORCES = {
    "england": "England alone: the figures are of England and Wales together, or of one force",
    "wales": "Wales alone: the figures are of England and Wales together, or of one force",
    "scotland": "Scotland, which these figures do not cover",
    "northern ireland": "Northern Ireland, which these figures do not cover",
    "ireland": "Ireland, which these figures do not cover",
    "the uk": "the United Kingdom: the figures are of England and Wales",
    "uk": "the United Kingdom: the figures are of England and Wales",
    "the united kingdom": "the United Kingdom: the figures are of England and Wales",
    "britain": "Great Britain: the figures are of England and Wales",
    "great britain": "Great Britain: the figures are of England and Wales",
    "london": "London, where two forces record: name the Metropolitan Police or the City of London Police",
    "greater london": "London, where two forces record: name the Metropolitan Police or the City of London Police",
    "yorkshire": "Yorkshire, where several forces record: name one of them",
    "the north": "a region: the figures are by force", "the south": "a region: the figures are by force",
    "the midlands": "a region: the figures are by force",
    "north east": "a region: the figures are by force", "north west": "a region: the figures are by force",
    "south east": "a region: the figures are by force", "south west": "a region: the figures are by force",
    "east midlands": "a region: the figures are by force", "east of england": "a region: the figures are by force",
    "devon": "part of the area of Devon and Cornwall Police: the figures are by force",
    "cornwall": "part of the area of Devon and Cornwall Police: the figures are by force",
    "somerset": "part of the area of Avon and Somerset Police: the figures are by force",
    "avon": "part of the area of Avon and Somerset Police: the figures are by force",
    "manchester": "part of the area of Greater Manchester Police: the figures are by force",
    "birmingham": "part of the area of West Midlands Police: the figures are by force",
    "hull": "part of the area of Humberside Police: the figures are by force",
    "huddersfield": "part of the area of West Yorkshire Police: the figures are by force",
    "oxford": "part of the area of Thames Valley Police: the figures are by force",
    "telford": "part of the area of West Mercia Police: the figures are by force",
    "newcastle": "part of the area of Northumbria Police: the figures are by force",
    "bristol": "part of the area of Avon and Somerset Police: the figures are by force",
}  # fmt: skip

NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "twelfth": 12, "twentieth": 20,
}  # fmt: skip
FOLDS = {"twofold": 2, "threefold": 3, "fourfold": 4, "fivefold": 5, "sixfold": 6, "tenfold": 10}

EXPLOITATION = f"The claim is about abuse or exploitation, the series counts what police recorded. {NO_FLAG}"
CAUSE = "The claim names a cause; a count of records cannot tell why it changed."
JUDGEMENT = "The claim judges how well things went; a count of records cannot tell that."
RANKING = "The claim is about a record or a ranking; two years cannot bear that out. Ask about a rise or a fall."
MULTIPLE = "The claim is about each of several forces, places or years; one series counts one place between two years."
YEARLY = "The claim is about a change in every year; the figures of two years tell only the change between them."
PEOPLE = "The claim is not about offences that police recorded; the series counts those, not people."
FUTURE = "The claim is about what may or will be; published figures tell what was recorded."
MONTH = "The figures are of financial years (April to March). Write the year as 2024/25."
RATE = "The claim is about a rate for people; the series counts offences."
OTHER_COMPARISON = "The claim compares with something else than the same count in another year."
REPORTS = "The series counts offences that police recorded, which is not what was reported to them."
PARTLY = "The claim is about a part of what the series counts."
RELATIVE = "The words name no year. Name the financial years, such as 2021/22 and 2024/25."
REASONS: tuple[tuple[str, str], ...] = (
    *((word, EXPLOITATION) for word in ("exploitation", "exploited", "cse", "gangs", "gang", "flag", "flagged")),
    *((word, CAUSE) for word in ("because", "due", "thanks", "owing", "caused", "causing", "drove", "driven",
                                 "result", "therefore", "so", "prompted", "following", "despite", "after", "government",
                                 "minister", "ministers")),
    *((word, JUDGEMENT) for word in ("safe", "safer", "safety", "effective", "effectively", "success", "successful",
                                     "fail", "failed", "failing", "failure", "better", "worse", "harm", "protect",
                                     "protected", "improved", "improving", "worrying", "alarming", "good", "bad")),
    *((word, RANKING) for word in ("highest", "lowest", "largest", "biggest", "smallest", "most", "fewest", "ever",
                                  "worst", "best", "record", "fastest", "steepest", "unprecedented", "first", "peak",
                                  "peaked", "sharpest", "greatest", "low", "high", "than any", "never")),
    *((word, MULTIPLE) for word in ("every", "each", "any", "everywhere", "respectively", "some", "both", "average",
                                "forces", "areas", "regions", "except", "among", "many", "few", "several")),
    *((word, YEARLY) for word in ("annually", "annual", "yearly", "continuously", "consistently", "steadily",
                                  "continued", "continue", "continues", "keep", "keeps", "kept", "consecutive",
                                  "a year", "per year", "per annum", "straight", "again", "still", "running")),
    *((word, PEOPLE) for word in ("children", "victims", "girls", "boys", "people", "suspects", "offenders",
                                  "survivors", "men", "women", "abusers")),
    *((word, FUTURE) for word in ("will", "would", "may", "might", "could", "should", "expected", "forecast",
                                  "likely", "set to", "probably", "possibly", "perhaps")),
    *((word, MONTH) for word in ("january", "february", "march", "april", "may", "june", "july", "august",
                                 "september", "october", "november", "december", "month", "months", "quarter",
                                 "calendar", "q1", "q2", "q3", "q4", "week", "day")),
    *((word, RATE) for word in ("per head", "per capita", "per", "population", "rate", "rates")),
    *((word, OTHER_COMPARISON) for word in ("than", "faster", "slower", "outpaced", "unlike", "twice", "as")),
    *((word, REPORTS) for word in ("reported", "reports", "report", "incidents", "referrals", "calls", "complaints")),
    *((word, PARTLY) for word in ("online", "only", "against", "involving", "other", "female", "male", "aged", "under",
                                  "images", "indecent", "familial", "historic", "historical", "non", "recent")),
    *((word, RELATIVE) for word in ("last", "now", "today", "currently", "recent", "recently", "ago", "since",
                                    "past", "latest", "pandemic", "covid", "lockdown")),
)  # fmt: skip
"""Why a word that was not understood matters, where the reason is known; the first that fits is given."""
