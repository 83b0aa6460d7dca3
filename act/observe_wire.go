package act

// Observed reports whether a report holds observations, or takes some back, rather than progress.
func (b Report) Observed() bool { return len(b.Readings) > 0 || len(b.TakesBack) > 0 }

func writeReport(m fieldMap, b Report) {
	m.key(1).text(string(b.Element))
	putText(m, 2, string(b.AsOf))
	putUint(m, 3, uint64(b.Progress))
	putTexts(m, 4, b.Note)
	if len(b.Sources) > 0 {
		w := m.key(5)
		w.list(len(b.Sources))
		for _, c := range b.Sources {
			f := w.fields()
			putText(f, 1, c.Title)
			putText(f, 2, c.Document)
			putText(f, 3, c.Place)
			putText(f, 4, c.Address)
			putText(f, 5, c.Quote)
		}
	}
	if len(b.Readings) > 0 {
		w := m.key(6)
		w.list(len(b.Readings))
		for i := range b.Readings {
			writeReading(w, &b.Readings[i])
		}
	}
	if len(b.TakesBack) > 0 {
		w := m.key(7)
		w.list(len(b.TakesBack))
		for _, h := range b.TakesBack {
			w.hash(h)
		}
	}
	if b.Marking != nil {
		writeMarking(m.key(8), b.Marking)
	}
}

func writeReading(w *writer, b *Reading) {
	m := w.fields()
	m.key(1).text(b.Quantity)
	putUint(m, 2, uint64(b.Sign))
	m.key(3).text(b.Value)
	m.key(4).text(b.Unit)
	m.key(5).text(string(b.AsOf))
	putText(m, 6, string(b.Reported))
	putUint(m, 7, uint64(b.Source))
	putGrade(m, 8, b.Grade)
	putText(m, 9, b.Note)
	if b.Replaces != nil {
		w := m.key(10)
		w.list(2)
		w.hash(b.Replaces.Batch)
		w.uint(uint64(b.Replaces.Nth))
	}
	if len(b.Bears) > 0 {
		w := m.key(11)
		w.list(len(b.Bears))
		for _, x := range b.Bears {
			w.list(2)
			w.text(string(x.Hypothesis))
			w.int(int64(x.Weight))
		}
	}
}

func readReport(r *reader) (b Report) {
	for f := r.fields(8); r.next(&f); {
		switch f.key {
		case 1:
			b.Element = readRef(r)
		case 2:
			b.AsOf = readDate(r)
		case 3:
			b.Progress = Progress(positive(r, uint64(Stopped)))
		case 4:
			b.Note = readTexts(r, MaxRemark)
		case 5:
			b.Sources = readList(r, MaxCitations, func() Citation { return readCitation(r) })
		case 6:
			b.Readings = readList(r, MaxReadings, func() Reading { return readReading(r) })
		case 7:
			b.TakesBack = readList(r, MaxTakesBack, func() Hash { return nonZero(r) })
		case 8:
			b.Marking = readMarking(r)
		}
	}
	r.need(b.Element != "", "the element")
	checkReport(r, &b)
	return b
}

// checkReport asks that a report tells of progress or of observations, and that each observation's
// source is there.
func checkReport(r *reader, b *Report) {
	if !b.Observed() {
		r.need(b.AsOf != "" && b.Progress != 0, "the day or the progress")
		if b.Marking != nil || len(b.Sources) > 0 {
			r.fail("only observations have sources or a marking")
		}
		return
	}
	if b.AsOf != "" || b.Progress != 0 {
		r.fail("a report tells of progress or of observations, not of both")
	}
	for i := range b.Readings {
		if int(b.Readings[i].Source) >= len(b.Sources) {
			r.fail("observation %d has no source", i)
		}
	}
	for i := 1; i < len(b.TakesBack); i++ {
		if string(b.TakesBack[i-1][:]) >= string(b.TakesBack[i][:]) {
			r.fail("batches out of order or twice")
		}
	}
}

func readCitation(r *reader) (c Citation) {
	for f := r.fields(5); r.next(&f); {
		switch f.key {
		case 1:
			c.Title = readProse(r, MaxCited)
		case 2:
			c.Document = readProse(r, MaxCited)
		case 3:
			c.Place = readProse(r, MaxCited)
		case 4:
			c.Address = readProse(r, MaxCited)
		case 5:
			c.Quote = readProse(r, MaxQuote)
		}
	}
	r.need(c.Title != "", "the title of the source")
	return c
}

func readReading(r *reader) (b Reading) {
	for f := r.fields(11); r.next(&f); {
		switch f.key {
		case 1:
			b.Quantity = readQuantity(r)
		case 2:
			b.Sign = Sign(positive(r, uint64(lastSign)))
		case 3:
			b.Value = readDecimal(r)
		case 4:
			b.Unit = readUnit(r)
		case 5:
			b.AsOf = readDate(r)
		case 6:
			b.Reported = readDate(r)
		case 7:
			b.Source = uint16(positive(r, MaxCitations-1))
		case 8:
			b.Grade = gradeOf(positive(r, maxGrade))
		case 9:
			b.Note = readProse(r, MaxReason)
		case 10:
			r.tuple(2)
			b.Replaces = &ReadingID{nonZero(r), uint16(r.uint(MaxReadings - 1))}
		case 11:
			b.Bears = readBears(r)
		}
	}
	r.need(b.Quantity != "" && b.Value != "" && b.Unit != "" && b.AsOf != "", "the quantity, the value, the unit or the day")
	return b
}

func readBears(r *reader) []Bearing {
	last := Ref("")
	return readList(r, MaxBears, func() (x Bearing) {
		r.tuple(2)
		x.Hypothesis = readRef(r)
		w := r.int()
		if r.err == nil && (w == 0 || w < -MaxWeight || w > MaxWeight || x.Hypothesis <= last) {
			r.fail("a weight out of range, or hypotheses out of order or twice")
			return x
		}
		x.Weight, last = int8(w), x.Hypothesis
		return x
	})
}

func writeAttest(m fieldMap, b Attest) {
	m.key(1).text(string(b.Element))
	m.key(2).text(string(b.On))
	m.key(3).hash(b.Digest)
	if len(b.Findings) == 0 {
		return
	}
	w := m.key(4)
	w.list(len(b.Findings))
	for _, x := range b.Findings {
		w.list(2)
		w.text(string(x.Element))
		w.uint(uint64(x.Verdict))
	}
}

func readAttest(r *reader) (b Attest) {
	for f := r.fields(4); r.next(&f); {
		switch f.key {
		case 1:
			b.Element = readRef(r)
		case 2:
			b.On = readDate(r)
		case 3:
			b.Digest = nonZero(r)
		case 4:
			b.Findings = readFindings(r)
		}
	}
	r.need(b.Element != "" && b.On != "" && !b.Digest.IsZero(), "the element, the day or the digest")
	return b
}

func readFindings(r *reader) []Finding {
	last := Ref("")
	return readList(r, MaxFindings, func() (x Finding) {
		r.tuple(2)
		x = Finding{readRef(r), Verdict(positive(r, uint64(lastVerdict)))}
		if r.err == nil && x.Element <= last {
			r.fail("findings out of order or twice")
		}
		last = x.Element
		return x
	})
}

func writeDispute(m fieldMap, b Dispute) {
	m.key(1).text(string(b.Element))
	m.key(2).uint(uint64(b.Step))
	if !b.Of.IsZero() {
		m.key(3).hash(b.Of)
	}
	m.key(4).text(string(b.On))
	putTexts(m, 5, b.By)
	putTexts(m, 6, b.Text)
}

func readDispute(r *reader) (b Dispute) {
	for f := r.fields(6); r.next(&f); {
		switch f.key {
		case 1:
			b.Element = readRef(r)
		case 2:
			b.Step = DisputeStep(positive(r, uint64(lastDisputeStep)))
		case 3:
			b.Of = nonZero(r)
		case 4:
			b.On = readDate(r)
		case 5:
			b.By = readTexts(r, MaxName)
		case 6:
			b.Text = readTexts(r, MaxRemark)
		}
	}
	r.need(b.Element != "" && b.Step != 0 && b.On != "" && len(b.Text) > 0, "the element, the step, the day or the text")
	if r.err == nil && b.Of.IsZero() != (b.Step == DisputeStarts) {
		r.fail("an answer and a close name the dispute, and a start names none")
	}
	return b
}
