package iati

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"entente/act"
	"entente/text"
)

// reader goes through a file once, element by element, and keeps nothing that it does not need.
type reader struct {
	d     *xml.Decoder
	o     Options
	size  int
	file  *File
	depth int
	parts int
	langs []text.Lang // of the words in here: the file's, the activity's
}

func (r *reader) line() int {
	line, _ := r.d.InputPos()
	return line
}

func (r *reader) wrong(format string, args ...any) error {
	return &Error{Line: r.line(), What: fmt.Sprintf(format, args...)}
}

// next is the next element's beginning or end, or words; io.EOF at the end of the file.
func (r *reader) next() (xml.Token, error) {
	for {
		tok, err := r.d.Token()
		if errors.Is(err, io.EOF) {
			return nil, io.EOF
		}
		if err != nil {
			return nil, r.wrong("the file is damaged, cut off or not in UTF-8: %v", err)
		}
		switch tok.(type) {
		case xml.StartElement:
			if r.depth++; r.depth > MaxDepth {
				return nil, r.wrong("elements stand more than %d deep in each other", MaxDepth)
			}
			return tok, nil
		case xml.EndElement:
			r.depth--
			return tok, nil
		case xml.CharData:
			return tok, nil
		case xml.Directive:
			return nil, r.wrong("the file has a document type, which IATI files have not")
		}
	}
}

// each hands the elements within the one that has just begun to f, which reads each to its end.
func (r *reader) each(f func(el xml.StartElement) error) error {
	for {
		tok, err := r.next()
		if err != nil {
			return r.orCut(err)
		}
		switch el := tok.(type) {
		case xml.StartElement:
			if err := f(el); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

func (r *reader) orCut(err error) error {
	if errors.Is(err, io.EOF) {
		return r.wrong("the file is cut off")
	}
	return err
}

// part hands what is within an element that is kept to f, after counting it.
func (r *reader) part(f func(el xml.StartElement) error) error {
	if r.parts++; r.parts > MaxParts {
		return r.wrong("there are more than %d results, indicators, periods and values: divide the file into parts", MaxParts)
	}
	return r.each(f)
}

// skip passes over the element that has just begun.
func (r *reader) skip() error {
	for within := 1; within > 0; {
		tok, err := r.next()
		if err != nil {
			return r.orCut(err)
		}
		switch tok.(type) {
		case xml.StartElement:
			within++
		case xml.EndElement:
			within--
		}
	}
	return nil
}

// words reads the words of the element that has just begun.
func (r *reader) words() (string, error) {
	var b strings.Builder
	for {
		tok, err := r.next()
		if err != nil {
			return "", r.orCut(err)
		}
		switch el := tok.(type) {
		case xml.CharData:
			if b.Len()+len(el) > MaxWords {
				return "", r.wrong("a text is longer than %d bytes", MaxWords)
			}
			b.Write(el)
		case xml.StartElement:
			if err := r.skip(); err != nil {
				return "", err
			}
		case xml.EndElement:
			return text.Clean(strings.Join(strings.Fields(b.String()), " ")), nil
		}
	}
}

// narratives reads the words of an element in each of its languages, into what there is already:
// the first of a language stands. Languages that this program does not know are passed over.
func (r *reader) narratives(t *text.Texts) error {
	return r.each(func(el xml.StartElement) error {
		if el.Name.Local != "narrative" {
			return r.skip()
		}
		l := lang(el, r.langs[len(r.langs)-1])
		s, err := r.words()
		if _, there := t.Get(l); err == nil && !there && l.Known() && s != "" && len(*t) < text.MaxLangs {
			*t = t.With(l, s)
		}
		return err
	})
}

func attr(el xml.StartElement, name string) string {
	for _, a := range el.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// lang is the language that an element names for its words, or the one around it.
func lang(el xml.StartElement, around text.Lang) text.Lang {
	for _, a := range el.Attr {
		if a.Name.Local == "lang" && a.Name.Space != "" {
			primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(a.Value)), "-")
			return text.Lang(primary)
		}
	}
	return around
}

// dayOf is the day of a date or an instant; none where it is neither.
func dayOf(s string) act.Date {
	if len(s) > len("2016-11-29") {
		s = s[:len("2016-11-29")]
	}
	d, err := act.ParseDate(s)
	if err != nil {
		return ""
	}
	return d
}

func (r *reader) activity(el xml.StartElement) (a Activity, err error) {
	a = Activity{Line: r.line(), Updated: dayOf(attr(el, "last-updated-datetime"))}
	r.langs = append(r.langs, lang(el, r.langs[0]))
	defer func() { r.langs = r.langs[:1] }()
	err = r.each(func(el xml.StartElement) error {
		switch el.Name.Local {
		case "iati-identifier":
			a.ID, err = r.words()
			return err
		case "title":
			return r.narratives(&a.Title)
		case "reporting-org":
			a.Reporting.Ref = attr(el, "ref")
			return r.narratives(&a.Reporting.Name)
		case "participating-org":
			o := Org{Ref: attr(el, "ref"), Role: attr(el, "role")}
			if r.parts++; r.parts > MaxParts {
				return r.wrong("there are more than %d organisations and results: divide the file into parts", MaxParts)
			}
			err := r.narratives(&o.Name)
			a.Orgs = append(a.Orgs, o)
			return err
		case "activity-status":
			a.Status = attr(el, "code")
		case "result":
			x, err := r.result(el)
			a.Results = append(a.Results, x)
			return err
		}
		return r.skip()
	})
	return a, err
}

func (r *reader) result(el xml.StartElement) (x Result, err error) {
	x = Result{Type: attr(el, "type"), Line: r.line()}
	err = r.part(func(el xml.StartElement) error {
		switch el.Name.Local {
		case "title":
			return r.narratives(&x.Title)
		case "description":
			return r.narratives(&x.Description)
		case "indicator":
			i, err := r.indicator(el)
			x.Indicators = append(x.Indicators, i)
			return err
		}
		return r.skip()
	})
	return x, err
}

func (r *reader) indicator(el xml.StartElement) (x Indicator, err error) {
	ascending := strings.ToLower(attr(el, "ascending"))
	x = Indicator{Measure: attr(el, "measure"), Descending: ascending == "0" || ascending == "false", Line: r.line()}
	err = r.part(func(el xml.StartElement) error {
		switch el.Name.Local {
		case "title":
			return r.narratives(&x.Title)
		case "description":
			return r.narratives(&x.Description)
		case "reference":
			if x.Ref == "" {
				x.Ref = attr(el, "vocabulary") + ":" + attr(el, "code")
			}
		case "baseline":
			b := Baseline{Year: attr(el, "year"), On: dayOf(attr(el, "iso-date"))}
			b.Figure, err = r.figure(el)
			x.Baselines = append(x.Baselines, b)
			return err
		case "period":
			p, err := r.period()
			x.Periods = append(x.Periods, p)
			return err
		}
		return r.skip()
	})
	return x, err
}

func (r *reader) period() (x Period, err error) {
	x.Line = r.line()
	err = r.part(func(el xml.StartElement) error {
		switch el.Name.Local {
		case "period-start":
			x.Start = dayOf(attr(el, "iso-date"))
		case "period-end":
			x.End = dayOf(attr(el, "iso-date"))
		case "target":
			f, err := r.figure(el)
			x.Targets = append(x.Targets, f)
			return err
		case "actual":
			f, err := r.figure(el)
			x.Actuals = append(x.Actuals, f)
			return err
		}
		return r.skip()
	})
	return x, err
}

// figure reads a value with its comment and the part of the whole that it is of.
func (r *reader) figure(el xml.StartElement) (x Figure, err error) {
	x = Figure{Value: attr(el, "value"), Line: r.line()}
	err = r.part(func(el xml.StartElement) error {
		switch el.Name.Local {
		case "comment":
			return r.narratives(&x.Comment)
		case "dimension":
			x.Parts = append(x.Parts, attr(el, "name")+"="+attr(el, "value"))
		case "location":
			x.Parts = append(x.Parts, "location="+attr(el, "ref"))
		}
		return r.skip()
	})
	slices.Sort(x.Parts)
	return x, err
}
