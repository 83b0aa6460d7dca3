// Package iati reads the results of activities out of files of the International Aid
// Transparency Initiative (IATI activity standard, versions 2.01 to 2.03): indicators with
// baselines, and what was aimed at and reached in each period. It makes drafts of them: each
// value that was reached becomes a reading (File.Readings), each that was aimed at can become
// an obligation (File.Proposals). It knows no log, no server and no person; money, places and
// contacts of persons are passed over.
//
// # What is refused
//
// A file that is no IATI file of version 2, that is not in UTF-8, that has a document type or
// entities of its own, that is nested deeper than MaxDepth or larger than MaxBytes, or that is
// cut off. What is well formed but says nothing that can be kept (a value in words, a day that
// does not exist) is told among the preview's rejects, with its line.
//
// # Names and days
//
// A quantity's name is made of its words and of a number that follows from the activity's
// identifier and the words of its result and indicator, so that the next publication of the
// same activity gives the same names. A reading is of the last day of its period, or of the day
// on which the activity was last updated where that comes first: nobody can have counted later.
//
//	f, err := iati.Read(b, iati.Options{Lang: "en"})
//	p := f.Readings(iati.Options{Lang: "en"})
package iati

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"entente/act"
	"entente/internal/export/readings"
	"entente/text"
)

// Bounds of what is read.
const (
	MaxBytes      = 64 << 20 // bytes of a file
	MaxDepth      = 24       // elements within elements
	MaxActivities = 20_000
	MaxParts      = 500_000  // organisations, results, indicators, periods and values
	MaxWords      = 16 << 10 // bytes of one text
)

// progressEvery is how many activities pass between two calls of Options.Progress.
const progressEvery = 50

// Options say what a file does not say of itself.
type Options struct {
	// Lang is the language of words that the file names none for.
	Lang text.Lang
	// Langs are the languages that proposals may have words in; nil for every one.
	Langs []text.Lang
	// Standing are the readings that stand already: the same are left out, and counted.
	Standing map[readings.Key]bool
	// Progress, where it is set, is told now and then how many bytes of how many are read.
	// Whatever error it gives stops the reading and is given back.
	Progress func(done, of int) error
}

// A File is what was read.
type File struct {
	Version    string     `json:"version"`
	Generated  act.Date   `json:"generated,omitempty"`
	Activities []Activity `json:"activities"`
}

// An Activity is a programme or project, and its results.
type Activity struct {
	ID        string     `json:"id"`
	Title     text.Texts `json:"title,omitempty"`
	Reporting Org        `json:"reporting"`
	Orgs      []Org      `json:"orgs,omitempty"` // that take part
	Status    string     `json:"status,omitempty"`
	Updated   act.Date   `json:"updated,omitempty"`
	Results   []Result   `json:"results,omitempty"`
	Line      int        `json:"line"`
}

// An Org is an organisation; Role is 1 for funding, 2 accountable, 3 extending, 4 implementing.
type Org struct {
	Ref  string     `json:"ref,omitempty"`
	Role string     `json:"role,omitempty"`
	Name text.Texts `json:"name,omitempty"`
}

// A Result is what an activity brings about; Type is 1 for an output, 2 outcome, 3 impact.
type Result struct {
	Type        string      `json:"type,omitempty"`
	Title       text.Texts  `json:"title,omitempty"`
	Description text.Texts  `json:"description,omitempty"`
	Indicators  []Indicator `json:"indicators,omitempty"`
	Line        int         `json:"line"`
}

// An Indicator is how a result is measured; Measure is 1 for units, 2 per cent, 3 nominal, 4
// ordinal, 5 qualitative.
type Indicator struct {
	Measure     string     `json:"measure,omitempty"`
	Descending  bool       `json:"descending,omitempty"` // less is better
	Ref         string     `json:"ref,omitempty"`        // in a vocabulary of indicators
	Title       text.Texts `json:"title,omitempty"`
	Description text.Texts `json:"description,omitempty"`
	Baselines   []Baseline `json:"baselines,omitempty"`
	Periods     []Period   `json:"periods,omitempty"`
	Line        int        `json:"line"`
}

// A Baseline is where an indicator stood at first.
type Baseline struct {
	Year string   `json:"year,omitempty"`
	On   act.Date `json:"on,omitempty"`
	Figure
}

// A Period is a stretch of days, and what was aimed at and reached in it.
type Period struct {
	Start   act.Date `json:"start,omitempty"`
	End     act.Date `json:"end,omitempty"`
	Targets []Figure `json:"targets,omitempty"`
	Actuals []Figure `json:"actuals,omitempty"`
	Line    int      `json:"line"`
}

// A Figure is a value as it is written, of the whole or of a part (by sex, by place).
type Figure struct {
	Value   string     `json:"value"`
	Parts   []string   `json:"parts,omitempty"` // "sex=female", "location=AF-KAN", in order
	Comment text.Texts `json:"comment,omitempty"`
	Line    int        `json:"line"`
}

// Counts are how much of everything a file holds.
type Counts struct {
	Activities, Results, Indicators, Baselines, Periods, Targets, Actuals int
}

// Counts counts what the file holds.
func (f *File) Counts() (c Counts) {
	c.Activities = len(f.Activities)
	for _, a := range f.Activities {
		c.Results += len(a.Results)
		for _, r := range a.Results {
			c.Indicators += len(r.Indicators)
			for _, i := range r.Indicators {
				c.Baselines += len(i.Baselines)
				c.Periods += len(i.Periods)
				for _, p := range i.Periods {
					c.Targets += len(p.Targets)
					c.Actuals += len(p.Actuals)
				}
			}
		}
	}
	return c
}

// An Error says what is wrong with a file, and on which line.
type Error struct {
	Line int
	What string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.What + ". Nothing was taken from the file."
	}
	return fmt.Sprintf("line %d: %s. Nothing was taken from the file.", e.Line, e.What)
}

// Read reads a file. Its errors are of type *Error, or what Options.Progress gave.
func Read(b []byte, o Options) (*File, error) {
	if len(b) > MaxBytes {
		return nil, &Error{What: fmt.Sprintf("the file has %d bytes, more than %d: divide it into parts", len(b), MaxBytes)}
	}
	r := &reader{d: xml.NewDecoder(bytes.NewReader(b)), o: o, size: len(b), file: &File{}}
	if err := r.document(); err != nil {
		return nil, err
	}
	return r.file, nil
}

// document reads the outermost element, and that nothing stands beside it.
func (r *reader) document() error {
	seen := false
	for {
		el, err := r.next()
		switch {
		case errors.Is(err, io.EOF) && seen:
			return nil
		case errors.Is(err, io.EOF):
			return &Error{What: "the file is empty"}
		case err != nil:
			return err
		}
		start, ok := el.(xml.StartElement)
		if !ok {
			continue
		}
		if start.Name.Local != "iati-activities" {
			return r.wrong("“%.40s” is no list of IATI activities", start.Name.Local)
		}
		seen = true
		if err := r.activities(start); err != nil {
			return err
		}
	}
}

func (r *reader) activities(el xml.StartElement) error {
	f := r.file
	if f.Version = attr(el, "version"); !strings.HasPrefix(f.Version, "2.") {
		return r.wrong("the file is of IATI version “%.10s”; versions 2.01 to 2.03 are read", f.Version)
	}
	f.Generated = dayOf(attr(el, "generated-datetime"))
	r.langs = append(r.langs, lang(el, r.o.Lang))
	return r.each(func(el xml.StartElement) error {
		if el.Name.Local != "iati-activity" {
			return r.skip()
		}
		if len(f.Activities) == MaxActivities {
			return r.wrong("there are more than %d activities: divide the file into parts", MaxActivities)
		}
		if len(f.Activities)%progressEvery == 0 && r.o.Progress != nil {
			if err := r.o.Progress(int(r.d.InputOffset()), r.size); err != nil {
				return err
			}
		}
		a, err := r.activity(el)
		f.Activities = append(f.Activities, a)
		return err
	})
}
