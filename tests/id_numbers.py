"""ID numbers that nobody has, whole and half typed, and what each part of them is; for the rules on both sides."""

EXAMPLE = "11010519491231002X"  # the standard's own
FULL_WIDTH = "".join(chr(ord(character) + 0xFEE0) for character in EXAMPLE)

RIGHT = ("length right", "characters right", "birth_date right", "check_digit right")
TABLE = {
    "": ("length short", "characters later", "birth_date later", "check_digit later"),
    "1": ("length short", "characters right", "birth_date later", "check_digit later"),
    "1101051949": ("length short", "characters right", "birth_date later", "check_digit later"),
    "1101051749": ("length short", "characters right", "birth_date year", "check_digit later"),
    "110105194913": ("length short", "characters right", "birth_date month", "check_digit later"),
    "11010519491231": ("length short", "characters right", "birth_date right", "check_digit later"),
    "11010519490229": ("length short", "characters right", "birth_date day", "check_digit later"),
    "11010519480229": ("length short", "characters right", "birth_date right", "check_digit later"),
    "11010519000229": ("length short", "characters right", "birth_date day", "check_digit later"),
    "11010520000229": ("length short", "characters right", "birth_date right", "check_digit later"),
    "11010519490431": ("length short", "characters right", "birth_date day", "check_digit later"),
    "11010519490400": ("length short", "characters right", "birth_date day", "check_digit later"),
    "11O105": ("length short", "characters letter", "birth_date later", "check_digit later"),
    "110105194912310X": ("length short", "characters letter", "birth_date right", "check_digit later"),
    "1101051a": ("length short", "characters letter", "birth_date unreadable", "check_digit later"),
    EXAMPLE: RIGHT,
    EXAMPLE.lower(): RIGHT,
    f"  {EXAMPLE}\t": RIGHT,
    FULL_WIDTH: RIGHT,
    FULL_WIDTH.lower(): RIGHT,
    EXAMPLE[:-1] + "1": ("length right", "characters right", "birth_date right", "check_digit misfit"),
    EXAMPLE[:-1] + "A": ("length right", "characters last", "birth_date right", "check_digit unreadable"),
    EXAMPLE + "0": ("length long", "characters right", "birth_date right", "check_digit unreadable"),
    "1101051949123100XX": ("length right", "characters letter", "birth_date right", "check_digit unreadable"),
    "110105 9491231002X": ("length right", "characters letter", "birth_date unreadable", "check_digit unreadable"),
    "110105218812310021": ("length right", "characters right", "birth_date year", "check_digit misfit"),
    "身份证号码": ("length short", "characters letter", "birth_date later", "check_digit later"),
    "\U0001f600" * 18: ("length right", "characters letter", "birth_date unreadable", "check_digit unreadable"),
}
