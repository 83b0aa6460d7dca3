package api

import (
	"net/http"
	"slices"
	"strings"

	"entente/act"
	"entente/plan"
)

// An AskReading is one observation as requested. The value may begin with its sign: “<130”, “≤300”.
type AskReading struct {
	Quantity string       `json:"quantity"`
	Sign     string       `json:"sign,omitempty" doc:"=, <, <=, >= or >; none for =, or where the value begins with it"`
	Value    string       `json:"value" doc:"decimal: 114.4"`
	Unit     string       `json:"unit"`
	AsOf     string       `json:"asOf" doc:"the day that it is of"`
	Reported string       `json:"reported,omitempty" doc:"the day on which it was reported"`
	Source   int          `json:"source,omitempty" doc:"which of the sources, from 0"`
	Grade    string       `json:"grade,omitempty" doc:"of the Admiralty code: B2"`
	Note     string       `json:"note,omitempty"`
	Replaces string       `json:"replaces,omitempty" doc:"an earlier one of this party's that it corrects: the id of its batch, a full stop, its place"`
	Bears    []AskBearing `json:"bears,omitempty" doc:"of a programme: on which hypotheses it bears"`
}

// An AskBearing is how a sighting bears on a hypothesis.
type AskBearing struct {
	Hypothesis string `json:"hypothesis"`
	Weight     int    `json:"weight" doc:"-2 (rules it out) to 2 (speaks strongly for it), not 0"`
}

// AskObservations are observations to be sent together: all of them or none.
type AskObservations struct {
	Element  string         `json:"element" doc:"the agreement or the programme"`
	Sources  []act.Citation `json:"sources"`
	Readings []AskReading   `json:"readings"`
	Marking  string         `json:"marking,omitempty"`
	Text     Words          `json:"text,omitempty" doc:"a note on all of them"`
}

// AskTakeBack names batches of observations that are to stand no more.
type AskTakeBack struct {
	Element string   `json:"element" doc:"the agreement or the programme"`
	Batches []string `json:"batches" doc:"by id"`
	Text    Words    `json:"text,omitempty" doc:"why"`
}

// AskAttest asks for this party's verdicts to be sent.
type AskAttest struct {
	Element string `json:"element" doc:"the agreement or the programme"`
	On      string `json:"on,omitempty" doc:"the day that the verdicts are of; none for today"`
}

// AskDispute is a step of a dispute.
type AskDispute struct {
	Element string `json:"element" doc:"the obligation"`
	Step    string `json:"step" doc:"start, reply or close"`
	Dispute string `json:"dispute,omitempty" doc:"reply, close: the id of the act that started it"`
	On      string `json:"on,omitempty" doc:"the day from which days count; none for today"`
	By      Words  `json:"by,omitempty" doc:"who did it, where it is not this party"`
	Text    Words  `json:"text"`
}

func (s *Server) observe(r *http.Request, v visit, ask AskObservations) (SentActs, error) {
	return s.acts(r, v, AskActs{[]Ask{{Act: "observe", Element: ask.Element, Sources: ask.Sources, Readings: ask.Readings, Marking: &ask.Marking, Text: ask.Text}}})
}

func (s *Server) takeBack(r *http.Request, v visit, ask AskTakeBack) (SentActs, error) {
	return s.acts(r, v, AskActs{[]Ask{{Act: "take-back", Element: ask.Element, Batches: ask.Batches, Text: ask.Text}}})
}

func (s *Server) attest(r *http.Request, v visit, ask AskAttest) (SentActs, error) {
	return s.acts(r, v, AskActs{[]Ask{{Act: "attest", Element: ask.Element, On: ask.On}}})
}

func (s *Server) dispute(r *http.Request, v visit, ask AskDispute) (SentActs, error) {
	return s.acts(r, v, AskActs{[]Ask{{Act: "dispute", Element: ask.Element, Step: ask.Step, Dispute: ask.Dispute, On: ask.On, By: ask.By, Text: ask.Text}}})
}

// watching makes the acts that are one party's word on what is watched; none where it is another act.
func (d *drafter) watching() (act.Body, bool, error) {
	var body act.Body
	var err error
	switch d.ask.Act {
	case "observe":
		body, err = d.observations()
	case "take-back":
		body, err = d.takesBack()
	case "attest":
		b := act.Attest{Element: d.ref}
		b.On, err = act.ParseDate(d.ask.On)
		body, err = b, unread(err)
	case "dispute":
		body, err = d.disputes()
	default:
		return nil, false, nil
	}
	return body, true, err
}

// unread says of an error of reading that nothing was sent.
func unread(err error) error {
	if err == nil {
		return nil
	}
	return badRequest("%v. Nothing was sent.", err)
}

func (d *drafter) observations() (act.Body, error) {
	b := act.Report{Element: d.ref}
	if len(d.ask.Readings) == 0 || len(d.ask.Sources) == 0 {
		return nil, refuse("observations", "An observation needs what was read, and where it was read. Nothing was sent.")
	}
	var err error
	if b.Note, err = d.ask.Text.Texts(); err != nil {
		return nil, err
	}
	if d.ask.Marking != nil {
		if b.Marking, err = parseMarking(*d.ask.Marking); err != nil {
			return nil, err
		}
	}
	for _, c := range d.ask.Sources {
		if c, err = citation(c); err != nil {
			return nil, err
		}
		b.Sources = append(b.Sources, c)
	}
	for i, a := range d.ask.Readings {
		r, err := a.reading()
		if err == nil && int(r.Source) >= len(b.Sources) {
			err = badRequest("Observation %d names source %d, and %d are given. Nothing was sent.", i+1, a.Source, len(b.Sources))
		}
		if err != nil {
			return nil, err
		}
		b.Readings = append(b.Readings, r)
	}
	return b, nil
}

// citation cleans what is said of a source.
func citation(c act.Citation) (act.Citation, error) {
	for _, s := range []*string{&c.Title, &c.Document, &c.Place, &c.Address, &c.Quote} {
		var err error
		if *s, err = prose(*s); err != nil {
			return c, err
		}
	}
	if c.Title == "" {
		return c, refuse("source", "Say where the observation comes from: the source needs a name. Nothing was sent.")
	}
	return c, nil
}

// reading reads one observation.
func (a AskReading) reading() (r act.Reading, err error) {
	r.Quantity, r.Unit = strings.TrimSpace(a.Quantity), strings.TrimSpace(a.Unit)
	if !act.QuantityOK(r.Quantity) {
		return r, badRequest("%.60q is no name of a quantity: a small letter, then small letters, digits and low lines. Nothing was sent.", r.Quantity)
	}
	if !act.UnitOK(r.Unit) {
		return r, badRequest("%.60q is no unit: write it like t, kg{U}, %% or 1. Nothing was sent.", r.Unit)
	}
	if r.Sign, r.Value, err = signed(a.Sign, a.Value); err != nil {
		return r, err
	}
	if r.AsOf, err = act.ParseDate(strings.TrimSpace(a.AsOf)); err != nil {
		return r, unread(err)
	}
	if r.Reported, err = parseDate(strings.TrimSpace(a.Reported)); err != nil {
		return r, err
	}
	if a.Source < 0 || a.Source >= act.MaxCitations {
		return r, badRequest("There is no source %d. Nothing was sent.", a.Source)
	}
	r.Source = uint16(a.Source)
	if r.Grade, err = act.ParseGrade(strings.TrimSpace(a.Grade)); err != nil {
		return r, unread(err)
	}
	if r.Note, err = prose(a.Note); err != nil {
		return r, err
	}
	if a.Replaces != "" {
		id, err := act.ParseReadingID(strings.TrimSpace(a.Replaces))
		if err != nil {
			return r, unread(err)
		}
		r.Replaces = &id
	}
	r.Bears, err = bearings(a.Bears)
	return r, err
}

func bearings(list []AskBearing) (out []act.Bearing, err error) {
	for _, x := range list {
		if x.Weight == 0 {
			continue // it bears on it not at all
		}
		ref, err := ParseRef(x.Hypothesis)
		if err != nil {
			return nil, err
		}
		if x.Weight < -act.MaxWeight || x.Weight > act.MaxWeight {
			return nil, badRequest("A weight is from %d to %d. Nothing was sent.", -act.MaxWeight, act.MaxWeight)
		}
		out = append(out, act.Bearing{Hypothesis: ref, Weight: int8(x.Weight)})
	}
	slices.SortFunc(out, func(x, y act.Bearing) int { return strings.Compare(string(x.Hypothesis), string(y.Hypothesis)) })
	return out, nil
}

// signs are the ways to begin a value with its sign, the longer first.
var signs = []struct {
	begin string
	sign  act.Sign
}{{"<=", act.AtMost}, {">=", act.AtLeast}, {"≤", act.AtMost}, {"≥", act.AtLeast}, {"<", act.Below}, {">", act.Above}, {"=", act.Exactly}}

// signed reads a value with its sign.
func signed(sign, value string) (act.Sign, string, error) {
	value = strings.TrimSpace(value)
	out := act.Exactly
	if sign = strings.TrimSpace(sign); sign != "" {
		value = sign + " " + value
	}
	for _, s := range signs {
		if rest, ok := strings.CutPrefix(value, s.begin); ok {
			out, value = s.sign, strings.TrimSpace(rest)
			break
		}
	}
	n, err := decimal(value)
	if err == nil && n == "" {
		err = badRequest("An observation needs a number: 114.4, or a bound of one: <130. Nothing was sent.")
	}
	return out, n, err
}

func (d *drafter) takesBack() (act.Body, error) {
	b := act.Report{Element: d.ref}
	var err error
	if b.Note, err = d.ask.Text.Texts(); err != nil {
		return nil, err
	}
	for _, s := range d.ask.Batches {
		id, err := parseID(s, "batch of observations")
		if err != nil {
			return nil, err
		}
		b.TakesBack = append(b.TakesBack, id)
	}
	slices.SortFunc(b.TakesBack, func(x, y act.Hash) int { return slices.Compare(x[:], y[:]) })
	b.TakesBack = slices.Compact(b.TakesBack)
	return b, orMissing(nil, len(b.TakesBack) == 0, "Say which observations are taken back.")
}

func (d *drafter) disputes() (act.Body, error) {
	b := act.Dispute{Element: d.ref}
	var err error
	if b.Step, err = act.ParseDisputeStep(d.ask.Step); err != nil || b.Step == 0 {
		return nil, badRequest("%.20q is no step of a dispute: start, reply or close. Nothing was sent.", d.ask.Step)
	}
	if b.Step != act.DisputeStarts {
		if b.Of, err = d.disputeOf(); err != nil {
			return nil, err
		}
	}
	if b.On, err = act.ParseDate(d.ask.On); err != nil {
		return nil, unread(err)
	}
	if b.By, err = d.ask.By.Texts(); err != nil {
		return nil, err
	}
	b.Text, err = d.ask.Text.Texts()
	return b, orMissing(err, len(b.Text) == 0, "A step of a dispute needs words.")
}

// disputeOf is the dispute that is named; the only one that was started where none is.
func (d *drafter) disputeOf() (act.Hash, error) {
	if d.ask.Dispute != "" {
		return parseID(d.ask.Dispute, "dispute")
	}
	var started []plan.Place
	closed := map[act.Hash]bool{}
	for _, at := range d.p.Accounts(d.ref) {
		if x, ok := d.p.Act(at).Body.(act.Dispute); ok {
			if x.Step == act.DisputeStarts {
				started = append(started, at)
			} else if x.Step == act.DisputeCloses {
				closed[x.Of] = true
			}
		}
	}
	started = slices.DeleteFunc(started, func(at plan.Place) bool { return closed[d.p.LeafHash(at)] })
	if len(started) != 1 {
		return act.Hash{}, refuse("which", "%d disputes about %s run. Nothing was sent. Say which is meant, by its id.", len(started), d.ref.Display())
	}
	return d.p.LeafHash(started[0]), nil
}
