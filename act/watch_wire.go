package act

import "entente/text"

func writeWatched(m fieldMap, c Content) {
	if c.Terms != nil {
		writeTerms(m.key(fieldTerms), c.Terms)
	}
	if c.Watch != nil {
		writeWatch(m.key(fieldWatch), c.Watch)
	}
	if j := c.Judgement; j != nil {
		f := m.key(fieldJudgement).fields()
		putUint(f, 1, uint64(j.Verdict))
		putUint(f, 2, uint64(j.Likelihood))
		putUint(f, 3, uint64(j.Confidence))
		putText(f, 4, string(j.AsOf))
	}
	if x := c.Extends; x != nil {
		f := m.key(fieldExtends).fields()
		f.key(1).hash(x.Dispute)
		putUint(f, 2, uint64(x.Stage))
		putUint(f, 3, uint64(x.Days))
	}
}

func writeTerms(w *writer, t *Terms) {
	m := w.fields()
	if len(t.Bound) > 0 {
		w := m.key(1)
		w.list(len(t.Bound))
		for _, b := range t.Bound {
			writeTexts(w, b)
		}
	}
	if len(t.Conversions) > 0 {
		w := m.key(2)
		w.list(len(t.Conversions))
		for _, c := range t.Conversions {
			w.list(4)
			w.text(c.Amount)
			w.text(c.Unit)
			w.text(c.Equals)
			w.text(c.In)
		}
	}
	if len(t.Procedure) > 0 {
		w := m.key(3)
		w.list(len(t.Procedure))
		for _, s := range t.Procedure {
			f := w.fields()
			putTexts(f, 1, s.Name)
			putUint(f, 2, uint64(s.Days))
			putYes(f, 3, s.Beside)
			putYes(f, 4, s.Fixed)
			putTexts(f, 5, s.Then)
		}
	}
}

func readTerms(r *reader) *Terms {
	t := &Terms{}
	for f := r.fields(3); r.next(&f); {
		switch f.key {
		case 1:
			t.Bound = readList(r, MaxBound, func() text.Texts { return readTexts(r, MaxName) })
		case 2:
			t.Conversions = readList(r, MaxConversions, func() (c Conversion) {
				r.tuple(4)
				return Conversion{readAmount(r), readUnit(r), readAmount(r), readUnit(r)}
			})
		case 3:
			t.Procedure = readList(r, MaxStages, func() Stage { return readStage(r) })
		}
	}
	if len(t.Procedure) > 0 && t.Procedure[0].Beside {
		r.fail("the first stage has none beside it")
	}
	return t
}

func readStage(r *reader) (s Stage) {
	for f := r.fields(5); r.next(&f); {
		switch f.key {
		case 1:
			s.Name = readTexts(r, MaxName)
		case 2:
			s.Days = uint32(positive(r, MaxDays))
		case 3:
			s.Beside = r.yes()
		case 4:
			s.Fixed = r.yes()
		case 5:
			s.Then = readTexts(r, MaxReason)
		}
	}
	r.need(len(s.Name) > 0, "the stage's name")
	return s
}

// readList reads a list of 1 to limit items.
func readList[T any](r *reader, limit int, item func() T) (out []T) {
	n := r.list(limit)
	if r.err == nil && n == 0 {
		r.fail("an empty list is left out, not written")
	}
	for i := 0; i < n && r.err == nil; i++ {
		out = append(out, item())
	}
	return out
}

func writeWatch(w *writer, x *Watch) {
	m := w.fields()
	putText(m, 1, x.Paragraph)
	putTexts(m, 2, x.Owes)
	putText(m, 3, x.Quantity)
	putText(m, 4, x.Unit)
	putText(m, 5, x.Rule)
	putText(m, 6, x.Near)
	putText(m, 7, string(x.From))
	putText(m, 8, string(x.To))
	putTexts(m, 9, x.Verified)
	putUint(m, 10, uint64(x.Every))
	putUint(m, 11, uint64(x.Fresh))
	putUint(m, 12, uint64(x.Sources))
	putGrade(m, 13, x.Grade)
	putText(m, 14, x.Baseline)
	putText(m, 15, string(x.BaselineOn))
	putText(m, 16, x.Target)
	putText(m, 17, string(x.TargetOn))
}

func readWatch(r *reader) *Watch {
	x := &Watch{}
	for f := r.fields(17); r.next(&f); {
		switch f.key {
		case 1:
			x.Paragraph = readProse(r, MaxName)
		case 2:
			x.Owes = readTexts(r, MaxName)
		case 3:
			x.Quantity = readQuantity(r)
		case 4:
			x.Unit = readUnit(r)
		case 5:
			x.Rule = readProse(r, MaxRule)
		case 6:
			x.Near = readProse(r, MaxRule)
		case 7:
			x.From = readDate(r)
		case 8:
			x.To = readDate(r)
		case 9:
			x.Verified = readTexts(r, MaxReason)
		default:
			readNeeds(r, f.key, x)
		}
	}
	if x.To != "" && x.To < x.From {
		r.fail("it ends before it begins")
	}
	if x.Rule != "" {
		r.need(x.Quantity != "" && x.Unit != "", "the quantity or the unit of the rule")
	}
	if x.Near != "" {
		r.need(x.Rule != "", "the rule that near belongs to")
	}
	return x
}

// readNeeds reads what a verdict needs, and between which values an indicator goes.
func readNeeds(r *reader, key uint64, x *Watch) {
	switch key {
	case 10:
		x.Every = uint32(positive(r, MaxDays))
	case 11:
		x.Fresh = uint32(positive(r, MaxDays))
	case 12:
		x.Sources = uint8(positive(r, MaxWitnesses))
	case 13:
		x.Grade = gradeOf(positive(r, maxGrade))
	case 14:
		x.Baseline = readDecimal(r)
	case 15:
		x.BaselineOn = readDate(r)
	case 16:
		x.Target = readDecimal(r)
	case 17:
		x.TargetOn = readDate(r)
	}
}

func readJudgement(r *reader) *Judgement {
	j := &Judgement{}
	for f := r.fields(4); r.next(&f); {
		switch f.key {
		case 1:
			j.Verdict = Verdict(positive(r, uint64(lastVerdict)))
		case 2:
			j.Likelihood = Likelihood(positive(r, uint64(lastLikelihood)))
		case 3:
			j.Confidence = Confidence(positive(r, uint64(lastConfidence)))
		case 4:
			j.AsOf = readDate(r)
		}
	}
	r.need(j.AsOf != "" && (j.Verdict != 0 || j.Likelihood != 0), "the day, or what is judged")
	return j
}

func readExtends(r *reader) *Extends {
	x := &Extends{}
	for f := r.fields(3); r.next(&f); {
		switch f.key {
		case 1:
			x.Dispute = nonZero(r)
		case 2:
			x.Stage = uint8(positive(r, MaxStages))
		case 3:
			x.Days = uint32(positive(r, MaxDays))
		}
	}
	r.need(!x.Dispute.IsZero() && x.Stage != 0 && x.Days != 0, "the dispute, the stage or the days")
	return x
}

// checkWatched asks that what is said of an agreement stands in the kind of element that it is for.
func checkWatched(r *reader, c *Content) {
	for _, x := range []struct {
		here, meant, needed bool
		what                string
	}{
		{c.Terms != nil, c.Kind == Agreement || c.Kind == Programme, false, "terms"},
		{c.Watch != nil, c.Kind == Obligation || c.Kind == Milestone, c.Kind == Obligation || c.Kind == Milestone, "what is watched"},
		{c.Judgement != nil, c.Kind == Assessment, c.Kind == Assessment, "a judgement"},
		{c.Extends != nil, c.Kind == Extension, c.Kind == Extension, "what is extended"},
	} {
		if x.here && !x.meant {
			r.fail("a %s has no place for %s", c.Kind, x.what)
		}
		if x.needed && !c.Struck {
			r.need(x.here, x.what)
		}
	}
	if standsUnder(c.Kind) && !c.Struck {
		r.need(c.Parent != "", "what it stands under")
	}
}

// standsUnder reports whether an element of the kind says nothing without the one that it stands
// under.
func standsUnder(k ElementKind) bool {
	return k == Obligation || k == Milestone || k == Hypothesis || k == Assessment || k == Extension
}

func putGrade(m fieldMap, key uint64, g Grade) {
	if !g.IsZero() {
		putUint(m, key, g.code())
	}
}

func readQuantity(r *reader) string {
	s := r.text(MaxQuantity)
	if r.err == nil && !QuantityOK(s) {
		r.fail("%q is no name of a quantity", s)
	}
	return s
}

func readUnit(r *reader) string {
	s := r.text(MaxUnit)
	if r.err == nil && !UnitOK(s) {
		r.fail("%q is no unit", s)
	}
	return s
}

func readDecimal(r *reader) string {
	s := r.text(MaxAmount)
	if r.err == nil && !DecimalOK(s) {
		r.fail("%q is no decimal number", s)
	}
	return s
}

func readAmount(r *reader) string {
	s := r.text(MaxAmount)
	if r.err == nil && (!amountOK(s) || s == "0") {
		r.fail("%q is no amount", s)
	}
	return s
}
