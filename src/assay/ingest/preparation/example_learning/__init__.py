"""Learn a mapping from records that a person supplies twice: as exported and in contract form.

`example`    what lies in the folder: ours and theirs
`pairing`    which row of theirs is which row of ours
`agreeing`   whether a heading and a column say the same, row by row
`lessons`    what one pair of files teaches: sure, guessed, in which form of dates
`learning`   which file of theirs belongs to which of ours, and the lesson of each
`teaching`   what becomes of the files and columns that words and cells told
`taught`     which words may be written, and what of a person's own mapping the example contradicts

Row numbers, headings and counts are told; of cells only words that the rule for words lets out (decision 0015).
"""
