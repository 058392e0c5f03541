// The rules of facematch/identity.py, for every key press; a test runs both on one table.
const CHARACTERS = 18;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = "10X98765432";
const isDigits = (text) => /^[0-9]*$/.test(text);
const told = (part, state, reason, number = null) => ({ part, state, reason, number });

export const normalised = (text) => text.normalize("NFKC").trim().toUpperCase();

const length = (typed) => {
  if (typed.length === CHARACTERS) return told("length", "right", "right", CHARACTERS);
  return typed.length > CHARACTERS
    ? told("length", "wrong", "long", typed.length)
    : told("length", "open", "short", typed.length);
};

const characters = (typed) => {
  for (const [index, character] of typed.slice(0, CHARACTERS).entries()) {
    const isLast = index + 1 === CHARACTERS;
    if (isLast ? !/^[0-9X]$/.test(character) : !/^[0-9]$/.test(character)) {
      return told("characters", "wrong", isLast ? "last" : "letter", index + 1);
    }
  }
  return typed.length ? told("characters", "right", "right") : told("characters", "open", "later");
};

const daysOf = (year, month) => {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
};

const birthDate = (typed) => {
  const [year, month, day] = [[6, 10], [10, 12], [12, 14]].map(([from, to]) => typed.slice(from, to).join(""));
  if (!isDigits(year + month + day)) return told("birth_date", "open", "unreadable");
  if (year.length === 4 && (+year < 1850 || +year > 2100)) return told("birth_date", "wrong", "year");
  if (month.length === 2 && (+month < 1 || +month > 12)) return told("birth_date", "wrong", "month");
  if (day.length < 2) return told("birth_date", "open", "later");
  const isDay = +day >= 1 && +day <= daysOf(+year, +month);
  return isDay ? told("birth_date", "right", "right") : told("birth_date", "wrong", "day");
};

const checkDigit = (typed) => {
  if (typed.length < CHARACTERS) return told("check_digit", "open", "later");
  const text = typed.join("");
  if (!/^[0-9]{17}[0-9X]$/.test(text)) return told("check_digit", "open", "unreadable");
  const total = WEIGHTS.reduce((sum, weight, index) => sum + weight * +typed[index], 0);
  const fits = typed[17] === CHECK_CHARACTERS[total % 11];
  return fits ? told("check_digit", "right", "right") : told("check_digit", "wrong", "misfit");
};

export const parts = (text) => {
  const typed = [...normalised(text)];
  return [length(typed), characters(typed), birthDate(typed), checkDigit(typed)];
};
