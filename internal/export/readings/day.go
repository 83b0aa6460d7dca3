package readings

import (
	"fmt"
	"strconv"
	"strings"

	"entente/act"
)

// parseDay reads a day as files write it; order says which way 3/4/2017 is meant.
func parseDay(s string, order DayOrder) (act.Date, *fault) {
	s = westernDigits(strings.TrimSpace(s))
	if len(s) >= len("2017-02-18") && s[4] == '-' && s[7] == '-' && timeAfter(s[10:]) {
		if d, err := act.ParseDate(s[:10]); err == nil {
			return d, nil
		}
		return "", &fault{BadDay, ""}
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" /.-,", r) })
	if len(parts) == 4 && timeAfter(" "+parts[3]) {
		parts = parts[:3]
	}
	switch {
	case len(parts) == 1 && len(s) == 8 && digits(s):
		return day(s[:4], s[4:6], s[6:])
	case len(parts) != 3:
		return "", &fault{BadDay, ""}
	}
	for i, p := range parts {
		if m := month(p); m > 0 {
			return namedDay(parts, i, m)
		}
	}
	return numberedDay(parts, order)
}

// timeAfter reports whether what follows a day is nothing or a time of it.
func timeAfter(s string) bool {
	if s == "" {
		return true
	}
	return (s[0] == ' ' || s[0] == 'T') && strings.Trim(s[1:], "0123456789:.+-Z APMapm") == "" && strings.Contains(s, ":")
}

// namedDay reads “18 February 2017” and “February 18, 2017”.
func namedDay(parts []string, at, m int) (act.Date, *fault) {
	switch at {
	case 0:
		return day(parts[2], strconv.Itoa(m), ordinal(parts[1]))
	case 1:
		if len(parts[0]) == 4 && digits(parts[0]) {
			return day(parts[0], strconv.Itoa(m), ordinal(parts[2]))
		}
		return day(parts[2], strconv.Itoa(m), ordinal(parts[0]))
	}
	return "", &fault{BadDay, ""}
}

// ordinal is the number in “18th” and “1er”.
func ordinal(s string) string {
	for _, end := range []string{"st", "nd", "rd", "th", "er"} {
		if n, ok := strings.CutSuffix(strings.ToLower(s), end); ok {
			return n
		}
	}
	return s
}

// numberedDay reads three numbers.
func numberedDay(parts []string, order DayOrder) (act.Date, *fault) {
	a, b, c := parts[0], parts[1], parts[2]
	if len(a) == 4 {
		return day(a, b, c)
	}
	x, errX := strconv.Atoi(a)
	y, errY := strconv.Atoi(b)
	if errX != nil || errY != nil || !digits(c) {
		return "", &fault{BadDay, ""}
	}
	if len(c) != 4 {
		return "", &fault{ShortYear, ""}
	}
	switch {
	case order == DayFirst || order == Unstated && (x == y || x > 12 && y <= 12):
		return day(c, b, a)
	case order == MonthDay || order == Unstated && y > 12 && x <= 12:
		return day(c, a, b)
	case x <= 12 && y <= 12:
		return "", &fault{AmbiguousDay, ""}
	}
	return "", &fault{BadDay, ""}
}

// day makes a day of its three numbers, if there is such a day.
func day(year, month, day string) (act.Date, *fault) {
	if len(year) != 4 {
		if digits(year) {
			return "", &fault{ShortYear, ""}
		}
		return "", &fault{BadDay, ""}
	}
	m, errM := strconv.Atoi(month)
	d, errD := strconv.Atoi(day)
	if errM != nil || errD != nil || len(month) > 2 || len(day) > 2 {
		return "", &fault{BadDay, ""}
	}
	date, err := act.ParseDate(fmt.Sprintf("%s-%02d-%02d", year, m, d))
	if err != nil {
		return "", &fault{BadDay, ""}
	}
	return date, nil
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// months are names of months in English and French; shortened ones have three letters or more.
var months = [...][]string{
	{"january", "janvier"}, {"february", "février", "fevrier"}, {"march", "mars"}, {"april", "avril"},
	{"may", "mai"}, {"june", "juin"}, {"july", "juillet"}, {"august", "août", "aout"},
	{"september", "septembre", "sept"}, {"october", "octobre"}, {"november", "novembre"}, {"december", "décembre", "decembre"},
}

// month is the number of a month by its name, or by as many letters of it as no other has; or 0.
func month(s string) int {
	s = strings.ToLower(s)
	if len(s) < 3 || s[0] >= '0' && s[0] <= '9' {
		return 0
	}
	found := 0
	for i, names := range months {
		for _, name := range names {
			if name == s {
				return i + 1
			}
			if strings.HasPrefix(name, s) {
				if found != 0 && found != i+1 {
					return 0
				}
				found = i + 1
			}
		}
	}
	return found
}

// westernDigits puts the digits and marks of Arabic and Persian numbers into their European
// forms; most texts have none, and are given back as they are.
func westernDigits(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return strings.Map(western, s)
		}
	}
	return s
}

func western(r rune) rune {
	switch {
	case r >= '٠' && r <= '٩':
		return '0' + r - '٠'
	case r >= '۰' && r <= '۹':
		return '0' + r - '۰'
	case r == '٫':
		return ','
	case r == '٬' || r == '’' || r == '\u00a0' || r == '\u2009' || r == '\u202f' || r == '\u2007':
		return ' '
	case r == '−' || r == '–':
		return '-'
	}
	return r
}
