package web

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/plan"
	"entente/proof"
	"entente/text"
)

// crumbs is the way to the element: the plan, and what is above it.
func (d elementData) crumbs(ctx context.Context) []ui.Crumb {
	out := []ui.Crumb{{Href: d.sc.base + "/plan", Words: locale.T(ctx, "plan.title")}}
	switch d.Kind {
	case act.Document:
		out = []ui.Crumb{{Href: d.sc.base + "/doc", Words: locale.T(ctx, "doc.title")}}
	case act.Statement, act.Passage:
		out = []ui.Crumb{{Href: "/s", Words: locale.T(ctx, "statements.title")}}
	case act.Agreement, act.Obligation, act.Programme, act.Milestone, act.Hypothesis, act.Assessment, act.Extension:
		out = []ui.Crumb{{Href: d.sc.base + "/monitor", Words: locale.T(ctx, "monitor.title")}}
	}
	for _, it := range d.Path {
		c := ui.Crumb{Words: it.Display}
		if it.Kind == act.Statement {
			c.Href = "/s/" + string(it.Ref) + "?g=" + d.sc.handle()
		} else if !it.Missing {
			c.Href = d.at(it.Ref)
		}
		out = append(out, c)
	}
	return append(out, ui.Crumb{Words: d.Display})
}

// statementAt is the address of a passage in its statement.
func (d elementData) statementAt(st plan.Step) string {
	base := d.sc.base
	if b, ok := d.groups[st.Ref]; ok {
		base = b
	}
	if st.Statement == "" {
		return base + "/e/" + string(st.Ref)
	}
	return "/s/" + string(st.Statement) + "?g=" + strings.TrimPrefix(base, "/g/") + "#p" + locale.Int(int(st.Paragraph))
}

// pairs are the particulars that the element has.
func (d elementData) pairs(ctx context.Context) []ui.Pair {
	var out []ui.Pair
	put := func(key locale.Key, body templ.Component) {
		out = append(out, ui.Pair{Term: locale.T(ctx, key), Body: body})
	}
	f := d.Fields
	put("field.reference", ui.Ref(string(d.Ref)))
	if href := d.sc.monitorHref(d.Kind, d.Ref); href != "" {
		put("monitor.title", linked(href, locale.T(ctx, "monitor.see")))
	}
	if c, ok := d.spokenFor(); ok {
		out = append(out, d.sc.watchedPairs(ctx, c)...)
	}
	if len(f.Lead) > 0 {
		put("field.lead", ui.Badges(d.sc.parties(f.Lead)))
	} else if d.Kind == act.Action {
		put("field.lead", said("field.lead.none"))
	}
	if len(f.Support) > 0 {
		put("field.support", ui.Badges(d.sc.parties(f.Support)))
	}
	if f.Due != "" {
		put("field.due", ui.Words(day(ctx, f.Due)))
	}
	if f.Amount != "" {
		put("field.amount", ui.Join(ui.Words(f.Amount), version(d.sc.best(f.Unit))))
	}
	if len(f.SaidBy) > 0 {
		put("field.said-by", version(d.sc.best(f.SaidBy)))
	}
	if f.SaidOn != "" {
		put("field.said-on", ui.Words(day(ctx, f.SaidOn)))
	}
	if len(f.Source) > 0 {
		put("field.source", version(d.sc.best(f.Source)))
	}
	if d.Number > 0 {
		put("field.number", ui.Words("¶ "+locale.Int(d.Number)))
	}
	put("field.marking", ltr(f.Marking))
	return out
}

// ltr shows a mark that is written from left to right in every language.
func ltr(s string) templ.Component {
	return inked(func(k *ink) {
		k.raw(`<bdi dir="ltr">`)
		k.words(s)
		k.raw(`</bdi>`)
	})
}

// toldWords says what has just been done, as far as the plan bears it out.
func (d elementData) toldWords(ctx context.Context) string {
	if d.told == "" {
		return ""
	}
	mine := d.LastMove != nil && d.LastMove.Party == d.sc.code()
	turn := ""
	if len(d.TurnOf) > 0 {
		var names []string
		for _, c := range d.TurnOf {
			names = append(names, d.sc.name(c))
		}
		turn = locale.F(ctx, "told.turn", locale.Args{"Party": strings.Join(names, ", ")})
	}
	switch d.told {
	case "sent":
		if mine {
			return locale.F(ctx, "told.sent", locale.Args{"Time": locale.From(ctx).Clock(when(d.LastMove.At)), "Turn": turn})
		}
	case "accept":
		if d.Status != plan.InBrackets && d.InForce != nil {
			return locale.T(ctx, "told.agreed")
		}
		if mine && d.LastMoveIs == "accepted" {
			return locale.T(ctx, "told.accepted")
		}
	case "withdraw":
		if mine && d.LastMoveIs == "withdrawn" {
			return locale.T(ctx, "told.withdrawn")
		}
	case "reserve":
		if n := len(d.Reserved); n > 0 {
			return locale.F(ctx, "told.reserved", locale.Args{"N": locale.Int(d.Number)})
		}
	case "silence", "offered", "refer", "object", "scrutiny", "certify", "interpret", "packed":
		return d.toldTalk(ctx)
	case "remark", "lift":
		if n := len(d.Remarks); n > 0 && d.Remarks[n-1].Party == d.sc.code() {
			return locale.T(ctx, "told.remarked")
		}
	case "report":
		if n := len(d.Reports); n > 0 {
			return locale.T(ctx, "told.reported")
		}
	}
	return ""
}

// newestFirst turns a history round.
func newestFirst(list []plan.Event) []plan.Event {
	out := slices.Clone(list)
	slices.Reverse(out)
	return out
}

// changedSpans reports whether anything was put in or taken out.
func changedSpans(list []text.Span) bool {
	return slices.ContainsFunc(list, func(s text.Span) bool { return s.Op != text.Same })
}

// remarkKey names a remark.
func remarkKey(n plan.Note) locale.Key {
	if !n.Lifts.IsZero() {
		return "remark.lift"
	}
	return sortKey(n.Sort)
}

func sortKey(s act.RemarkSort) locale.Key {
	switch s {
	case act.Objection:
		return "remark.objection"
	case act.Reservation:
		return "remark.reservation"
	case act.Interpretation:
		return "remark.interpretation"
	case act.Scrutiny:
		return "remark.scrutiny"
	}
	return "remark.comment"
}

// noteKey says whose note stays with a text, and since when.
func noteKey(n plan.Note) locale.Key {
	switch n.Sort {
	case act.Scrutiny:
		return "scrutiny.of"
	case act.Interpretation:
		return "interpretation.of"
	}
	return "reservation.of"
}

// liftKey names the act of lifting a note.
func liftKey(n plan.Note) locale.Key {
	switch n.Sort {
	case act.Scrutiny:
		return "act.lift.scrutiny"
	case act.Interpretation:
		return "act.lift.interpretation"
	}
	return "act.lift"
}

// progressKey names a step of progress.
func progressKey(p act.Progress) locale.Key {
	switch p {
	case act.Underway:
		return "progress.underway"
	case act.Done:
		return "progress.done"
	case act.Stopped:
		return "progress.stopped"
	}
	return "progress.notbegun"
}

// fieldKey names a field of an element.
func fieldKey(name string) locale.Key {
	if key, ok := fieldKeys[name]; ok {
		return key
	}
	return "field.contains"
}

var fieldKeys = map[string]locale.Key{
	"kind": "field.kind", "parent": "field.parent", "struck": "field.struck", "lead": "field.lead", "support": "field.support", "due": "field.due",
	"cites": "field.cites", "source": "field.source", "marking": "field.marking", "order": "field.order", "said-by": "field.said-by", "said-on": "field.said-on",
	"paragraph": "field.paragraph", "quote": "field.quote", "aside": "field.aside", "amount": "field.amount", "unit": "field.unit",
	"bound": "field.bound", "conversions": "field.conversions", "procedure": "field.procedure", "place": "field.place", "owes": "field.owes",
	"quantity": "field.quantity", "measure": "field.measure", "rule": "field.rule", "near": "field.near", "applies": "field.applies", "verified": "field.verified",
	"every": "field.every", "fresh": "field.fresh", "sources": "field.sources", "grade": "field.grade", "baseline": "field.baseline", "target": "field.target",
	"verdict": "field.verdict", "likelihood": "field.likelihood", "confidence": "field.confidence", "as-of": "field.as-of", "extends": "field.extends",
}

// kindsBelow are the kinds that can stand right under one.
func kindsBelow(k act.ElementKind) []act.ElementKind {
	switch k {
	case act.Goal:
		return []act.ElementKind{act.Way, act.Action}
	case act.Way:
		return []act.ElementKind{act.Action}
	case act.Action:
		return []act.ElementKind{act.Means}
	}
	return nil
}

// addKey names the act of adding an element of a kind.
func addKey(k act.ElementKind) locale.Key {
	switch k {
	case act.Way:
		return "add.way"
	case act.Action:
		return "add.action"
	case act.Means:
		return "add.means"
	case act.Clause:
		return "add.clause"
	}
	return "add.goal"
}

// instrumentNumber is the number of a document's revision, read aloud.
func instrumentNumber(id act.Hash) [6]string { return proof.Number(id).Groups() }

// cardSaid is the line beside a party's badge: which revision it holds, from when, by whom.
func (d elementData) cardSaid(ctx context.Context, p plan.Position) string {
	out := locale.F(ctx, "positions.revision", locale.Args{"N": locale.Int(p.Revision.Number), "Date": locale.Day(ctx, when(p.Revision.At))})
	switch {
	case p.Revision.Party != p.Party:
		out += " · " + locale.F(ctx, "positions.tabledby", locale.Args{"Party": d.sc.name(p.Revision.Party)})
	case p.Revision.By != "":
		out += " · " + d.person(p.Party, p.Revision.By)
	}
	if p.InForce {
		out += " · " + locale.T(ctx, "positions.inforce")
	}
	return out
}

// titlesDiffer reports whether headings are part of what is negotiated.
func (d elementData) titlesDiffer() bool {
	return slices.ContainsFunc(d.Positions, func(p plan.Position) bool { return slices.Contains(p.Changed, "title") })
}

// below is the address of another element's page, or "" where there is none.
func (d elementData) below(ref act.Ref, below string) string {
	if ref == "" {
		return ""
	}
	return d.sc.href(ref, below)
}

// section is the entry of the navigation that the element belongs to.
func (d elementData) section() ui.Section {
	switch d.Kind {
	case act.Document:
		return ui.Document
	case act.Statement, act.Passage:
		return ui.Statements
	case act.Agreement, act.Obligation, act.Programme, act.Milestone, act.Hypothesis, act.Assessment, act.Extension:
		return ui.Monitor
	}
	return ui.Plan
}
