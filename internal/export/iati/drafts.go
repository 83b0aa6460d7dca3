package iati

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"entente/act"
	"entente/internal/compliance"
	"entente/internal/export/readings"
	"entente/text"
)

// A Proposal is the draft of an obligation: that an indicator reaches a value by a day.
type Proposal struct {
	Activity string      `json:"activity"` // its identifier
	Line     int         `json:"line"`
	Content  act.Content `json:"content"` // of the kind obligation; its parent is the agreement
}

// drafter makes drafts of a file.
type drafter struct {
	o       Options
	preview *readings.Preview
	sources map[act.Citation]int
	seen    map[readings.Key]int // the line that gave a reading
}

// Readings makes a reading of every value that was reached. Rejects name lines in the place of rows.
func (f *File) Readings(o Options) *readings.Preview {
	d := &drafter{o: o, preview: &readings.Preview{}, sources: map[act.Citation]int{}, seen: map[readings.Key]int{}}
	for i := range f.Activities {
		a := &f.Activities[i]
		for j := range a.Results {
			for k := range a.Results[j].Indicators {
				d.readings(f, a, &a.Results[j], &a.Results[j].Indicators[k])
			}
		}
	}
	return d.preview
}

// readings makes the readings of an indicator.
func (d *drafter) readings(f *File, a *Activity, r *Result, i *Indicator) {
	for _, p := range i.Periods {
		for _, v := range p.Actuals {
			d.preview.Rows++
			x, c, why := d.reading(f, a, r, i, p, v)
			if why.Reason == "" {
				why = d.keep(x, c, v.Line)
			}
			if why.Reason != "" {
				d.reject(readings.NewReject(v.Line, where(a, r, i, d.o.Lang), why.Field, why.Value, why.Reason, why.Detail))
			}
		}
	}
}

func (d *drafter) reject(r readings.Reject) {
	d.preview.Rejected++
	if len(d.preview.Rejects) == readings.MaxRejects {
		d.preview.Untold++
		return
	}
	d.preview.Rejects = append(d.preview.Rejects, r)
}

// keep puts a reading into the preview, unless it stands already or repeats another.
func (d *drafter) keep(x act.Reading, c act.Citation, line int) readings.Reject {
	key := readings.KeyOf(x, c)
	if d.o.Standing[key] {
		d.preview.Already++
		return readings.Reject{}
	}
	if other, twice := d.seen[key]; twice {
		return readings.Reject{Reason: readings.Repeat, Detail: strconv.Itoa(other)}
	}
	d.seen[key] = line
	at, ok := d.sources[c]
	if !ok {
		at = len(d.preview.Sources)
		d.sources[c] = at
		d.preview.Sources = append(d.preview.Sources, c)
	}
	d.preview.Entries = append(d.preview.Entries, readings.Entry{Row: line, Reading: x, Source: at})
	return readings.Reject{}
}

// reading makes the reading of a value that was reached, or says why there is none.
func (d *drafter) reading(f *File, a *Activity, r *Result, i *Indicator, p Period, v Figure) (x act.Reading, c act.Citation, why readings.Reject) {
	sign, value, beside, reason, detail := readings.ParseValue(v.Value, ".")
	if reason != "" {
		return x, c, readings.Reject{Field: readings.Value, Value: v.Value, Reason: reason, Detail: detail}
	}
	updated := a.Updated
	if updated == "" {
		updated = f.Generated
	}
	x = act.Reading{Quantity: quantity(a, r, i, v.Parts), Sign: sign, Value: value, Unit: unit(r, i), AsOf: p.End, Reported: updated}
	if beside != "" && beside != x.Unit {
		return x, c, readings.Reject{Field: readings.Unit, Value: v.Value, Reason: readings.TwoUnits, Detail: beside}
	}
	if x.AsOf == "" || updated != "" && updated < x.AsOf {
		x.AsOf = updated
	}
	if x.AsOf == "" {
		return x, c, readings.Reject{Field: readings.AsOf, Reason: readings.NoDay}
	}
	x.Note = joined(span(p), strings.Join(v.Parts, ", "), v.Comment.Best(d.o.Lang).Text)
	c = act.Citation{Title: joined("IATI", a.Reporting.Name.Best(d.o.Lang).Text), Document: a.ID,
		Place: joined(r.Title.Best(d.o.Lang).Text, i.Title.Best(d.o.Lang).Text)}
	for _, part := range []struct {
		field readings.Field
		words *string
		limit int
	}{
		{readings.Note, &x.Note, act.MaxReason}, {readings.Title, &c.Title, act.MaxCited}, {readings.Document, &c.Document, act.MaxCited}, {readings.Place, &c.Place, act.MaxCited},
	} {
		*part.words = text.Clean(*part.words)
		if len(*part.words) > part.limit {
			return x, c, readings.Reject{Field: part.field, Value: *part.words, Reason: readings.LongText, Detail: strconv.Itoa(part.limit)}
		}
		if err := text.Check(*part.words); err != nil {
			return x, c, readings.Reject{Field: part.field, Value: *part.words, Reason: readings.BadText, Detail: err.Error()}
		}
	}
	return x, c, readings.Reject{}
}

// joined is what there is of some words, with marks between.
func joined(words ...string) string {
	var some []string
	for _, w := range words {
		if w != "" {
			some = append(some, w)
		}
	}
	return strings.Join(some, " · ")
}

// span writes a period (ISO 8601).
func span(p Period) string {
	if p.Start == "" || p.End == "" {
		return ""
	}
	return string(p.Start) + "/" + string(p.End)
}

// where names an indicator for a person.
func where(a *Activity, r *Result, i *Indicator, l text.Lang) string {
	return joined(a.ID, r.Title.Best(l).Text, i.Title.Best(l).Text)
}

// The suffix of a quantity's name has this many letters.
const suffix = 8

// quantity is the name of what an indicator measures, or of a part of it.
func quantity(a *Activity, r *Result, i *Indicator, parts []string) string {
	words := i.Title.Best("en").Text
	if _, isUnit := readings.KnownUnit(words); isUnit || words == "" {
		words = r.Title.Best("en").Text
	}
	name := readings.QuantityName(words)
	if name == "" {
		name = "indicator"
	}
	const room = act.MaxQuantity - suffix - 1
	if len(name) > room {
		name = strings.TrimRight(name[:room], "_")
	}
	var b strings.Builder
	for _, s := range append([]string{a.ID, i.Ref, r.Type, r.Title.Best("en").Text, i.Title.Best("en").Text}, parts...) {
		b.WriteString(strconv.Itoa(len(s)) + ":" + s)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return name + "_" + hex.EncodeToString(sum[:])[:suffix]
}

// unit is the code of an indicator's unit: per cent, what its words name, or a plain number.
func unit(r *Result, i *Indicator) string {
	if i.Measure == "2" {
		return "%"
	}
	if code, ok := readings.KnownUnit(i.Title.Best("en").Text); ok {
		return code
	}
	for _, words := range []string{i.Title.Best("en").Text, r.Title.Best("en").Text} {
		if from := strings.LastIndexByte(words, '('); from >= 0 && strings.HasSuffix(words, ")") {
			if code, ok := readings.KnownUnit(words[from+1 : len(words)-1]); ok {
				return code
			}
		}
	}
	return compliance.One
}

// Proposals makes the draft of an obligation for every value that is aimed at, under an
// agreement. What cannot be one (a value in words, a period without an end) is told.
func (f *File) Proposals(agreement act.Ref, o Options) (out []Proposal, rejects []readings.Reject) {
	for i := range f.Activities {
		a := &f.Activities[i]
		for j := range a.Results {
			r := &a.Results[j]
			for k := range r.Indicators {
				x := &r.Indicators[k]
				for _, p := range x.Periods {
					for _, v := range p.Targets {
						c, why := proposal(agreement, a, r, x, p, v, o.Langs)
						if why.Reason == "" {
							out = append(out, Proposal{a.ID, v.Line, c})
						} else if len(rejects) < readings.MaxRejects {
							rejects = append(rejects, readings.NewReject(v.Line, where(a, r, x, o.Lang), why.Field, why.Value, why.Reason, why.Detail))
						}
					}
				}
			}
		}
	}
	return out, rejects
}

func proposal(agreement act.Ref, a *Activity, r *Result, i *Indicator, p Period, v Figure, langs []text.Lang) (c act.Content, why readings.Reject) {
	_, value, _, reason, detail := readings.ParseValue(v.Value, ".")
	if reason != "" {
		return c, readings.Reject{Field: readings.Value, Value: v.Value, Reason: reason, Detail: detail}
	}
	if p.End == "" {
		return c, readings.Reject{Field: readings.AsOf, Reason: readings.NoDay}
	}
	w := act.Watch{Paragraph: kept(a.ID, act.MaxName), Quantity: quantity(a, r, i, v.Parts), Unit: unit(r, i), From: p.Start, Target: value, TargetOn: p.End}
	form := compliance.Form{Kind: compliance.FormTarget, Quantity: w.Quantity, Value: value, By: p.End}
	if i.Descending {
		form.Kind = compliance.FormTargetDown
	}
	rule, err := form.Rule()
	if err != nil {
		return c, readings.Reject{Field: readings.Value, Value: v.Value, Reason: readings.BadText, Detail: err.Error()}
	}
	w.Rule = rule
	w.Baseline, w.BaselineOn = baseline(i, v.Parts)
	for _, o := range a.Orgs {
		if o.Role == "4" && len(w.Owes) == 0 {
			w.Owes = whole(o.Name, act.MaxName, langs)
		}
	}
	c = act.Content{Kind: act.Obligation, Parent: agreement, Title: whole(r.Title, act.MaxTitle, langs), Text: sentence(r, i, v, langs), Watch: &w,
		Source: whole(a.Title, act.MaxSource, langs)}
	if len(c.Title) == 0 {
		c.Title = whole(i.Title, act.MaxTitle, langs)
	}
	if len(c.Title) == 0 && len(c.Text) == 0 {
		return c, readings.Reject{Reason: readings.NoWords}
	}
	return c, readings.Reject{}
}

// baseline is where an indicator stood, of the same part; a year alone stands for its last day.
func baseline(i *Indicator, parts []string) (value string, on act.Date) {
	for _, b := range i.Baselines {
		_, v, _, reason, _ := readings.ParseValue(b.Value, ".")
		if reason != "" || strings.Join(b.Parts, ",") != strings.Join(parts, ",") {
			continue
		}
		if on = b.On; on == "" {
			on = dayOf(b.Year + "-12-31")
		}
		return v, on
	}
	return "", ""
}

// sentence is the words of a proposal in every language that has them: the indicator, its
// description, what the figure's comment says.
func sentence(r *Result, i *Indicator, v Figure, langs []text.Lang) (out text.Texts) {
	for _, l := range text.AllLangs() {
		if langs != nil && !slices.Contains(langs, l) {
			continue
		}
		title, _ := i.Title.Get(l)
		about, _ := i.Description.Get(l)
		if about == "" {
			about, _ = r.Description.Get(l)
		}
		comment, _ := v.Comment.Get(l)
		words := joined(title, strings.Join(v.Parts, ", "), about, comment)
		if title == "" && about == "" && comment == "" {
			continue
		}
		if s := kept(words, text.MaxText); s != "" {
			out = out.With(l, s)
		}
	}
	return out
}

// whole is the versions of a text that can be kept, in the languages that are wanted.
func whole(t text.Texts, limit int, langs []text.Lang) (out text.Texts) {
	for _, v := range t {
		if s := kept(v.Text, limit); s != "" && (langs == nil || slices.Contains(langs, v.Lang)) {
			out = out.With(v.Lang, s)
		}
	}
	return out
}

// kept is a text if it can be kept, cut between words if it is long; else nothing.
func kept(s string, limit int) string {
	s = text.Clean(s)
	if len(s) > limit {
		s = strings.ToValidUTF8(s[:limit-len("…")], "")
		if i := strings.LastIndexByte(s, ' '); i > 0 {
			s = s[:i]
		}
		s += "…"
	}
	if text.Check(s) != nil {
		return ""
	}
	return s
}
