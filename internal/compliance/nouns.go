package compliance

import (
	"entente/act"
	"entente/marking"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// Bounds of what one page holds. Every list that is cut says how many there are in all.
const (
	MaxCards     = 500   // obligations of one board
	MaxPoints    = 2_000 // points of one obligation's page, the latest
	MaxSpark     = 60    // points of one small picture, the latest
	MaxEpisodes  = 200
	MaxExpected  = 120 // reports of a calendar
	MaxChanges   = 200 // changes of a verdict that a history tells, the latest
	MaxSightings = 500
	MaxDisputes  = 50  // of one obligation
	MaxSteps     = 200 // of one dispute, the latest
	MaxEntered   = 20  // of one party, that say the same of one day
)

// A Moment is what a verdict is of: a day, and which of the readings count as known.
type Moment struct {
	On    act.Date `json:"on"`           // readings as of this day or before; the day by which deadlines are judged
	Known Known    `json:"known"`        // which readings count
	By    act.Date `json:"by,omitempty"` // entered or reported by the end of this day (UTC); empty: by On
}

// Today is the Moment of a day with all that is known.
func Today(on act.Date) Moment { return Moment{On: on} }

// A Board is how it stands with an agreement: the monitor's first page.
type Board struct {
	Agreement act.Ref      `json:"agreement"`
	Display   string       `json:"display"`
	Title     text.Texts   `json:"title"`
	Bound     []text.Texts `json:"bound,omitempty"` // who are bound
	Moment    Moment       `json:"moment"`
	Headline  Sentence     `json:"headline"` // "None near its limit, exceeded or disputed."
	Counts    []Tally      `json:"counts"`   // every verdict once, in the order of their numbers
	Cards     []Card       `json:"cards"`    // agreed obligations by reference, then proposed ones
	Total     int          `json:"total"`    // obligations in all, agreed and proposed
	Calendar  []Expected   `json:"calendar"` // reports by the day they are expected: overdue, then to come
	Next      *Expected    `json:"next,omitempty"`
	Disputes  []Dispute    `json:"disputes,omitempty"` // that run
	Digest    act.Hash     `json:"digest"`             // of the verdicts on agreed obligations
	Attested  []Attested   `json:"attested,omitempty"` // per party, its latest attest and whether it comes out the same here
}

// A Tally is how many obligations have a verdict.
type Tally struct {
	Verdict Verdict `json:"verdict"`
	N       int     `json:"n"`
}

// A Card is one obligation in small: for small multiples and for the list.
type Card struct {
	Ref       act.Ref    `json:"ref"`
	Display   string     `json:"display"`
	Agreement act.Ref    `json:"agreement"` // or the programme, for a milestone
	Title     text.Texts `json:"title"`
	Paragraph string     `json:"paragraph,omitempty"` // "Annex I 14"
	Owes      text.Texts `json:"owes,omitempty"`
	Agreed    bool       `json:"agreed"` // false: proposed, and not counted
	Finding
	Limit  *Line     `json:"limit,omitempty"` // where the rule is a comparison with a constant
	Near   *Line     `json:"near,omitempty"`  // where nearness is
	Figure Sentence  `json:"figure"`          // the large words: "96.7 of 202.8 kg U", "One source, C3."
	Draw   string    `json:"draw"`            // "line" or "cells": how it is best drawn in small
	Spark  []Dot     `json:"spark,omitempty"` // the latest points, at most MaxSpark
	Cells  []Cell    `json:"cells,omitempty"` // the verdict in the last periods of reporting, at most four
	Next   *Expected `json:"next,omitempty"`
	Aim    *Aim      `json:"aim,omitempty"` // of an indicator
}

// An Aim is between which values an indicator goes, and how far it has come.
type Aim struct {
	Baseline   string   `json:"baseline,omitempty"`
	BaselineOn act.Date `json:"baselineOn,omitempty"`
	Target     string   `json:"target,omitempty"`
	TargetOn   act.Date `json:"targetOn,omitempty"`
	Share      *int     `json:"share,omitempty"` // per cent of the way, by the latest value; nil where that cannot be told
}

// A Finding is what the readings and the rule amount to at a Moment.
type Finding struct {
	Verdict  Verdict    `json:"verdict"`
	Own      Verdict    `json:"own"`                   // what the readings say by themselves, where a dispute runs; else the same
	Why      Reason     `json:"why"`                   // one word for the reason
	Because  Sentence   `json:"because"`               // the reason as a sentence
	On       act.Date   `json:"on,omitempty"`          // the day of the deciding reading
	Since    act.Date   `json:"since,omitempty"`       // since when the verdict is what it is: the first reading of it without another between
	Value    string     `json:"value,omitempty"`       // the deciding reading in the obligation's unit: "114.4", "<130"
	Unit     string     `json:"unit"`                  // the obligation's unit
	Grade    string     `json:"grade,omitempty"`       // of the deciding reading: "B2"
	Sources  int        `json:"sources"`               // different sources that count
	Age      int        `json:"age"`                   // days from the deciding reading to the Moment; -1 without one
	Sides    []SideView `json:"sides,omitempty"`       // where the parties' readings decide differently: what each says
	Lesser   bool       `json:"lesser,omitempty"`      // a reading below the grade would break the rule
	Excess   string     `json:"excess,omitempty"`      // exceeded: by how much
	Episodes int        `json:"episodes"`              // how often it was exceeded, up to the Moment
	Last     *Episode   `json:"lastEpisode,omitempty"` // the last of them
	Problem  string     `json:"problem,omitempty"`     // why the rule could not be asked, in English
	Weighing *Weighing  `json:"weighing,omitempty"`    // the readings that count, and how the rule came out
}

// A Reason is one word for why a verdict is what it is.
type Reason string

// The reasons.
const (
	ByReading   Reason = "reading"     // the rule decides
	NoReading   Reason = "no-reading"  // none in the period
	TooOld      Reason = "too-old"     // there are readings, but none fresh enough
	LowGrade    Reason = "low-grade"   // all that there are in the period are below the grade
	FewSources  Reason = "few-sources" // fewer different sources than the verdict needs
	ByBound     Reason = "bound"       // a bound that does not decide
	LesserWord  Reason = "lesser-word" // a reading below the grade would break the rule
	SidesDiffer Reason = "sides"       // parties' readings decide differently
	InDispute   Reason = "dispute"     // a dispute runs
	NotBegun    Reason = "not-begun"   // before the obligation applies
	NearDay     Reason = "near-day"    // its day is near, and it is not done yet
	DayToCome   Reason = "day-to-come" // before the deadline, or nothing has happened that calls for it
	Over        Reason = "over"        // after the obligation applies
	OddUnit     Reason = "unit"        // readings only in units that the agreement does not convert
	OddRule     Reason = "rule"        // the rule could not be asked
	NoRule      Reason = "no-rule"     // it has none: nothing measured tells it
)

// A Weighing shows the arithmetic of a verdict: which readings the rule was asked with, and its answer.
type Weighing struct {
	Rule    string   `json:"rule"`              // CEL
	Near    string   `json:"near,omitempty"`    // CEL
	Holds   string   `json:"holds"`             // "holds", "broken", "undecided"
	IsNear  string   `json:"isNear,omitempty"`  // the same of Near
	Steps   []string `json:"steps"`             // "heavy_water.latest() = 114.4 (5 November 2017)", "114.4 <= 130"
	Reads   int      `json:"reads"`             // points up to the Moment that count
	Skipped int      `json:"skipped,omitempty"` // readings that do not count: below the grade or in a unit that is not converted
}

// A SideView is what one party's readings decide.
type SideView struct {
	Party   party.Code `json:"party"`
	Value   string     `json:"value"`
	Verdict Verdict    `json:"verdict"`
}

// A Line is a limit as it is drawn.
type Line struct {
	Sense string   `json:"sense"`           // "at-most", "below", "at-least", "above", "equal"
	Value float64  `json:"value"`           // in the obligation's unit
	Text  string   `json:"text"`            // "130"
	Upper *float64 `json:"upper,omitempty"` // of a range: its other end
	Said  Sentence `json:"said"`            // "limit 130 t", "near from 123.5"
}

// A Dot is a point of a small picture.
type Dot struct {
	Day     act.Date `json:"day"`
	Low     *float64 `json:"low,omitempty"`  // nil: no lower bound
	High    *float64 `json:"high,omitempty"` // nil: no upper bound
	Verdict Verdict  `json:"verdict"`        // of this reading by itself
}

// Exact reports whether the dot is one number.
func (d Dot) Exact() bool { return d.Low != nil && d.High != nil && *d.Low == *d.High }

// A Cell is the verdict of one period of reporting.
type Cell struct {
	From    act.Date `json:"from"`
	To      act.Date `json:"to"`
	Verdict Verdict  `json:"verdict"`
}

// A Point is what was read of one quantity for one day, in one value: who says so, and from which sources.
type Point struct {
	Dot
	Value    string    `json:"value"`              // as it was given, with its sign: "114.4", "<130"
	Unit     string    `json:"unit"`               // as it was given
	Shown    string    `json:"shown"`              // the same in the obligation's unit; empty where it cannot be converted
	Reported act.Date  `json:"reported,omitempty"` // the first day on which it was reported
	Grade    string    `json:"grade"`              // the best of its entries
	Counts   bool      `json:"counts"`             // its grade and unit are such that it decides
	Fresh    bool      `json:"fresh"`              // it stands in the window of the Moment
	Entries  []Entered `json:"entries"`            // by party, then by place; of each party MaxEntered at most
	More     int       `json:"more,omitempty"`     // entries that are not told, for there are so many
}

// An Entered is one reading as one party entered it.
type Entered struct {
	ID       act.ReadingID  `json:"id"`
	Party    party.Code     `json:"party"`
	Stamp    plan.Stamp     `json:"stamp"`
	Reported act.Date       `json:"reported,omitempty"`
	Grade    string         `json:"grade"`
	Source   act.Citation   `json:"source"`
	Note     string         `json:"note,omitempty"`
	Replaces *act.ReadingID `json:"replaces,omitempty"`
	Marking  *marking.Label `json:"marking,omitempty"`
	Margin   bool           `json:"margin,omitempty"`  // of this party's national margin: nobody else has it
	Gone     string         `json:"gone,omitempty"`    // "replaced" or "taken-back": it stands no more, and is not of a Point
	Verdict  Verdict        `json:"verdict,omitempty"` // of gone entries only
	Value    string         `json:"value,omitempty"`   // of gone entries only
	Day      act.Date       `json:"day,omitempty"`     // of gone entries only
}

// An Episode is a time in which the obligation was not kept, from the first reading beyond to the last.
type Episode struct {
	From     act.Date `json:"from"`               // first reading beyond
	To       act.Date `json:"to"`                 // last reading beyond
	Back     act.Date `json:"back,omitempty"`     // first reading that says it was kept again; empty: it goes on
	Before   act.Date `json:"before,omitempty"`   // last reading before that says it was kept; empty: none
	Reported act.Date `json:"reported,omitempty"` // when it was first reported
	Peak     string   `json:"peak,omitempty"`     // the value furthest beyond, in the obligation's unit
	PeakOn   act.Date `json:"peakOn,omitempty"`
	Excess   string   `json:"excess,omitempty"` // by how much, where the rule is a limit
	Readings int      `json:"readings"`         // points beyond
}

// A Change is a day on which the verdict became another.
type Change struct {
	On      act.Date `json:"on"`
	Verdict Verdict  `json:"verdict"`
	Why     Reason   `json:"why"`
}

// An Obligation is all that its page shows.
type Obligation struct {
	Card
	Moment    Moment       `json:"moment"`
	Headline  Sentence     `json:"headline"`
	Text      text.Texts   `json:"text,omitempty"` // the words of the paragraph
	Verified  text.Texts   `json:"verified,omitempty"`
	From      act.Date     `json:"from,omitempty"`
	To        act.Date     `json:"to,omitempty"`
	Quantity  string       `json:"quantity"`
	Rule      string       `json:"rule"` // CEL
	NearRule  string       `json:"nearRule,omitempty"`
	InWords   Sentence     `json:"inWords"` // the rule in words
	Needs     Needs        `json:"needs"`
	Points    []Point      `json:"points"` // by day, the latest MaxPoints
	PointsAll int          `json:"pointsAll"`
	Others    []Series     `json:"others,omitempty"` // other quantities that the rule reads, and those beside it
	Gone      []Entered    `json:"gone,omitempty"`   // readings that stand no more
	Episodes  []Episode    `json:"episodeList,omitempty"`
	History   []Change     `json:"history,omitempty"`  // the verdict day by day, where it changed
	Parties   []Comparison `json:"parties"`            // own verdict and the others'
	Dispute   *Dispute     `json:"dispute,omitempty"`  // that runs, or else the last
	Disputes  []Dispute    `json:"disputes,omitempty"` // those that run, then the latest, at most MaxDisputes
	Procedure []Running    `json:"procedure,omitempty"`
	Joint     []Joint      `json:"joint,omitempty"` // assessments
	Trend     *Trend       `json:"trend,omitempty"`
	NoTrend   Sentence     `json:"noTrend,omitzero"` // why there is none
	Gaps      []Gap        `json:"gaps,omitempty"`
	WouldBe   []Sentence   `json:"wouldBe,omitempty"` // what would change the verdict
}

// A Series is another quantity shown beside the obligation's own.
type Series struct {
	Quantity string  `json:"quantity"`
	Unit     string  `json:"unit,omitempty"`
	Points   []Point `json:"points"`
}

// Needs is what a verdict needs.
type Needs struct {
	Sources int      `json:"sources"`
	Grade   string   `json:"grade,omitempty"`
	Fresh   int      `json:"fresh,omitempty"` // days
	Every   int      `json:"every,omitempty"` // days from one report to the next
	Said    Sentence `json:"said"`            // "Needs one source at B2 or better, not older than 120 days. Latest is 37 days old."
}

// A Comparison is one party's verdict on one obligation.
type Comparison struct {
	Party   party.Code  `json:"party"`
	Verdict Verdict     `json:"verdict"`           // what it attested; of this server's own party, what is computed here
	Own     bool        `json:"own,omitempty"`     // computed here
	On      act.Date    `json:"on,omitempty"`      // the day it attested
	Stamp   *plan.Stamp `json:"stamp,omitempty"`   // its attest act
	Here    Verdict     `json:"here,omitempty"`    // what is computed here from what that act had seen, of that day
	Same    bool        `json:"same,omitempty"`    // both come out the same
	Missing bool        `json:"missing,omitempty"` // it has attested nothing of this obligation
}

// Attested is a party's latest attest on an agreement, computed again from what it had seen.
type Attested struct {
	Party   party.Code   `json:"party"`
	On      act.Date     `json:"on"`
	Stamp   plan.Stamp   `json:"stamp"`
	Digest  act.Hash     `json:"digest"` // as it says
	Here    act.Hash     `json:"here"`   // as it comes out here
	Same    bool         `json:"same"`
	N       int          `json:"n"`                // verdicts it attests
	Differ  []Comparison `json:"differ,omitempty"` // where they do not come out the same
	Refs    []act.Ref    `json:"refs,omitempty"`   // of Differ, in turn
	Said    Sentence     `json:"said"`             // "Same eight verdicts on the Israeli server"
	Current bool         `json:"current"`          // its verdicts are also those of the Board
}

// A Dispute is one procedure on one obligation.
type Dispute struct {
	ID         act.Hash   `json:"id"` // leaf hash of the act that started it
	Obligation act.Ref    `json:"obligation"`
	Title      text.Texts `json:"title"`
	Stamp      plan.Stamp `json:"stamp"`
	On         act.Date   `json:"on"` // from which the days count
	By         text.Texts `json:"by,omitempty"`
	Text       text.Texts `json:"text,omitempty"`
	Stages     []Running  `json:"stages"`
	Steps      []Step     `json:"steps,omitempty"` // replies, extensions and the close, in causal order
	Runs       bool       `json:"runs"`
	RanOut     bool       `json:"ranOut,omitempty"` // all its stages are over, and nobody closed it
	Ends       act.Date   `json:"ends,omitempty"`   // last day of its last stage, as it stands
	Closed     act.Date   `json:"closed,omitempty"`
	Said       Sentence   `json:"said"`
}

// A Step is something done in a dispute.
type Step struct {
	Step  string     `json:"step"` // "reply", "extend", "close"
	On    act.Date   `json:"on"`
	Stamp plan.Stamp `json:"stamp"`
	By    text.Texts `json:"by,omitempty"`
	Text  text.Texts `json:"text,omitempty"`
	Stage int        `json:"stage,omitempty"` // extend: which, from 1
	Days  int        `json:"days,omitempty"`  // extend: by how many days
}

// The states of a stage.
const (
	StagePast    = "past"
	StageRunning = "running"
	StageAhead   = "ahead"
	StageCut     = "cut" // the dispute was closed before or in it
)

// A Running is a stage of a procedure: of a dispute with its days, or of the agreement without.
type Running struct {
	N        int        `json:"n"` // from 1
	Name     text.Texts `json:"name"`
	Days     int        `json:"days"` // with extensions
	Extended int        `json:"extended,omitempty"`
	Fixed    bool       `json:"fixed,omitempty"`  // cannot be extended
	Beside   bool       `json:"beside,omitempty"` // runs beside the stage before it
	Then     text.Texts `json:"then,omitempty"`   // what follows
	Start    act.Date   `json:"start,omitempty"`  // the day from which its days count
	End      act.Date   `json:"end,omitempty"`    // its last day
	State    string     `json:"state,omitempty"`
	Left     int        `json:"left,omitempty"` // running: days from the Moment to its last day
}

// An Expected is a report that is expected, or was.
type Expected struct {
	Obligation act.Ref    `json:"obligation"`
	Title      text.Texts `json:"title"`
	On         act.Date   `json:"on"` // the day by which a reading should be as of
	Overdue    int        `json:"overdue,omitempty"`
	After      act.Date   `json:"after,omitempty"` // the reading before it; empty: none yet
	Every      int        `json:"every"`
}

// A Gap is something that is missing.
type Gap struct {
	Kind string   `json:"kind"` // "overdue", "single-source", "low-grade", "no-reading", "unit", "party", "rule"
	Said Sentence `json:"said"`
}

// A Trend is a projection of the readings to the limit.
type Trend struct {
	Method   Sentence `json:"method"`
	Readings int      `json:"readings"`
	From     act.Date `json:"from"`
	To       act.Date `json:"to"`
	PerDay   float64  `json:"perDay"` // the slope, in the obligation's unit a day
	Low      float64  `json:"low"`    // the ends of its 90 per cent interval
	High     float64  `json:"high"`
	Reaches  act.Date `json:"reaches,omitempty"` // when the line reaches the limit; empty where it does not within MaxAhead
	Earliest act.Date `json:"earliest,omitempty"`
	Latest   act.Date `json:"latest,omitempty"` // empty: perhaps never
	Line     []Dot    `json:"line,omitempty"`   // the line from its first to its last day drawn, with the interval as Low and High
	Said     Sentence `json:"said"`
}

// A Joint is a joint verdict: an assessment that the group tables and agrees like any other element.
type Joint struct {
	Ref        act.Ref      `json:"ref"`
	Display    string       `json:"display"`
	Title      text.Texts   `json:"title,omitempty"`
	Text       text.Texts   `json:"text,omitempty"`
	Status     plan.Status  `json:"status"`
	Verdict    Verdict      `json:"verdict,omitempty"`
	Likelihood string       `json:"likelihood,omitempty"` // "very likely": ICD 203
	Confidence string       `json:"confidence,omitempty"` // "low", "moderate", "high"
	AsOf       act.Date     `json:"asOf,omitempty"`
	Stands     []plan.Stand `json:"stands,omitempty"` // a party that reserves dissents
}

// A Programme is something outside the agreement that is followed.
type Programme struct {
	Ref          act.Ref      `json:"ref"`
	Display      string       `json:"display"`
	Title        text.Texts   `json:"title"`
	Text         text.Texts   `json:"text,omitempty"`
	Moment       Moment       `json:"moment"`
	Milestones   []Card       `json:"milestones"`
	Sightings    []Sighting   `json:"sightings"` // the latest first, at most MaxSightings
	SightingsAll int          `json:"sightingsAll"`
	Hypotheses   []Hypothesis `json:"hypotheses"` // the least contradicted first
	Headline     Sentence     `json:"headline"`
	Joint        []Joint      `json:"joint,omitempty"`
	Calendar     []Expected   `json:"calendar,omitempty"`
}

// A Sighting is a reading of a programme, and what it says for or against each hypothesis.
type Sighting struct {
	Point
	Quantity string `json:"quantity"`
	Bears    []Bear `json:"bears,omitempty"`
}

// A Bear is how a sighting bears on a hypothesis.
type Bear struct {
	Hypothesis act.Ref    `json:"hypothesis"`
	Weight     int        `json:"weight"` // -2 to 2
	Party      party.Code `json:"party"`
}

// A Hypothesis is one explanation of what is seen.
type Hypothesis struct {
	Ref     act.Ref     `json:"ref"`
	Display string      `json:"display"`
	Title   text.Texts  `json:"title"`
	Text    text.Texts  `json:"text,omitempty"`
	Status  plan.Status `json:"status"`
	For     int         `json:"for"`     // sum of weights of sightings that speak for it
	Against int         `json:"against"` // the same of those that speak against it, as a positive number
	N       int         `json:"n"`       // sightings that bear on it
	Joint   []Joint     `json:"joint,omitempty"`
}

// A Trial is what a rule that is not agreed, and perhaps not even proposed, gives on past readings.
type Trial struct {
	Canonical string    `json:"canonical"`          // the rule as it would be tabled
	NearRule  string    `json:"nearRule,omitempty"` // the same of what counts as near
	InWords   Sentence  `json:"inWords"`
	Card      Card      `json:"card"`
	Episodes  []Episode `json:"episodes,omitempty"`
	History   []Change  `json:"history,omitempty"`
	Points    []Point   `json:"points"`
}
