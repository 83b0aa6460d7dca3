package act

import "entente/party"

// Limits of what is said about talks.
const (
	MaxInstant  = 1<<53 - 1 // milliseconds since 1970
	MaxHolidays = 400
	MaxPresent  = 400 // persons at the table
)

func readAccept(r *reader) (b Accept) {
	for f := r.fields(4); r.next(&f); {
		switch f.key {
		case 1:
			b.Element = readRef(r)
		case 2:
			b.Revision = r.hash()
		case 3:
			b.Silent = r.yes()
		case 4:
			b.Tied = r.yes()
		}
	}
	r.need(b.Element != "" && !b.Revision.IsZero(), "the element or the revision")
	return b
}

func readRefer(r *reader) (b Refer) {
	for f := r.fields(4); r.next(&f); {
		switch f.key {
		case 1:
			b.Element = readRef(r)
		case 2:
			b.Revision = r.hash()
		case 3:
			b.Until = int64(positive(r, MaxInstant))
		case 4:
			b.Role = readTexts(r, MaxName)
		}
	}
	r.need(b.Element != "" && !b.Revision.IsZero() && b.Until != 0 && len(b.Role) > 0,
		"the element, the revision, the time or the role")
	return b
}

func writeCalendar(m fieldMap, b Calendar) {
	putUint(m, 1, uint64(b.Rest))
	if len(b.Days) == 0 {
		return
	}
	w := m.key(2)
	w.list(len(b.Days))
	for _, d := range b.Days {
		day := w.fields()
		day.key(1).text(string(d.On))
		putTexts(day, 2, d.Name)
	}
}

func readCalendar(r *reader) (b Calendar) {
	for f := r.fields(2); r.next(&f); {
		if f.key == 1 {
			b.Rest = Weekdays(positive(r, uint64(allWeekdays)))
			continue
		}
		n := r.list(MaxHolidays)
		if r.err == nil && n == 0 {
			r.fail("an empty list is left out, not written")
		}
		for i := 0; i < n && r.err == nil; i++ {
			d := readHoliday(r)
			if r.err == nil && i > 0 && d.On <= b.Days[i-1].On {
				r.fail("holidays out of order or twice")
			}
			b.Days = append(b.Days, d)
		}
	}
	return b
}

func readHoliday(r *reader) (d Holiday) {
	for f := r.fields(2); r.next(&f); {
		if f.key == 1 {
			d.On = readDate(r)
		} else {
			d.Name = readTexts(r, MaxName)
		}
	}
	r.need(d.On != "", "the day")
	return d
}

func writeSit(m fieldMap, b Sit) {
	m.key(1).text(string(b.Round))
	m.key(2).uint(uint64(b.Step))
	if len(b.Present) == 0 {
		return
	}
	w := m.key(3)
	w.list(len(b.Present))
	for _, p := range b.Present {
		w.list(2)
		w.text(string(p.Party))
		w.text(string(p.Person))
	}
}

func readSit(r *reader) (b Sit) {
	for f := r.fields(3); r.next(&f); {
		switch f.key {
		case 1:
			b.Round = readRef(r)
		case 2:
			b.Step = SitStep(r.uint(uint64(RoundCloses)))
		case 3:
			b.Present = readPresent(r)
		}
	}
	r.need(b.Round != "" && b.Step != 0, "the round, or what is done to it")
	return b
}

func readPresent(r *reader) (out []Seated) {
	n := r.list(MaxPresent)
	if r.err == nil && n == 0 {
		r.fail("an empty list is left out, not written")
	}
	for i := 0; i < n && r.err == nil; i++ {
		r.tuple(2)
		code, err := party.ParseCode(r.text(party.MaxCode))
		if err != nil {
			r.fail("%v", err)
		}
		person, err := party.ParsePerson(r.text(MaxPerson))
		if err != nil {
			r.fail("%v", err)
		}
		s := Seated{code, person}
		if r.err == nil && i > 0 && !out[i-1].before(s) {
			r.fail("persons at the table out of order or twice")
		}
		out = append(out, s)
	}
	return out
}

// before reports whether s stands ahead of o in a list.
func (s Seated) before(o Seated) bool {
	return s.Party < o.Party || s.Party == o.Party && s.Person < o.Person
}
