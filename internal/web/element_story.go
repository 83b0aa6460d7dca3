package web

import (
	"context"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/plan"
)

// The history of an element is told in sentences, one an act: who did what to whose text.

// storyOf is the sentence for one act; other acts of the history give the numbers of revisions.
func (d elementData) storyOf(ctx context.Context, ev plan.Event) templ.Component {
	words := locale.Args{}
	parts := ui.Parts{"Party": ui.Badge(d.sc.party(ev.Stamp.Party), ui.Speaks)}
	if ev.Until != 0 {
		words["Until"] = locale.Moment(ctx, when(ev.Until))
	}
	key := d.storyKey(ev, words, parts)
	if key == "story.report" {
		words["Progress"] = locale.T(ctx, progressSaid(ev.Sort))
	}
	return ui.SayF(key, words, parts)
}

// storyKey finds the sentence for an act, and puts the numbers and the other party into its places.
func (d elementData) storyKey(ev plan.Event, words locale.Args, parts ui.Parts) locale.Key {
	r := ev.Revision
	if r != nil {
		words["N"] = locale.Int(r.Number)
		if r.Party != ev.Stamp.Party {
			parts["Other"] = ui.Badge(d.sc.party(r.Party), ui.Speaks)
		}
	}
	switch {
	case ev.Kind == "table":
		return d.tabledKey(ev, words, parts)
	case ev.Kind == "accept" && r != nil:
		switch {
		case ev.Silent:
			return "story.silent"
		case r.Party == ev.Stamp.Party:
			return "story.holds"
		}
		return "story.accept"
	case ev.Kind == "refer" && r != nil && ev.Until != 0:
		return "story.refer"
	case ev.Kind == "certify" && r != nil:
		return "story.certify"
	case ev.Kind == "confirm" && r != nil:
		return "story.confirm"
	case ev.Kind == "withdraw":
		return "story.withdraw"
	case ev.Kind == "report" && ev.Sort == plan.Observed:
		return "story.observed"
	case ev.Kind == "report":
		return "story.report"
	case ev.Kind == "attest":
		return "story.attested"
	case ev.Kind == "dispute":
		return disputedKey(ev.Sort)
	case ev.Kind == "remark":
		return remarked(ev)
	}
	return "story.other"
}

// tabledKey finds the sentence for a text that was proposed.
func (d elementData) tabledKey(ev plan.Event, words locale.Args, parts ui.Parts) locale.Key {
	switch {
	case ev.Revision == nil:
		return "story.table"
	case ev.Until != 0:
		return "story.silence"
	case ev.Offered && !ev.Chaired:
		return "story.offered.party"
	case ev.Offered:
		return "story.offered"
	}
	was := d.before(ev)
	if was == nil {
		return "story.first"
	}
	words["Before"] = locale.Int(was.Number)
	if was.Party == ev.Stamp.Party {
		return "story.again"
	}
	parts["Other"] = ui.Badge(d.sc.party(was.Party), ui.Speaks)
	return "story.counter"
}

// before is the revision that was tabled before that of an act, if it is among those told.
func (d elementData) before(ev plan.Event) *plan.RevisionRef {
	if ev.Before == nil {
		return nil
	}
	for _, x := range d.History {
		if x.Revision != nil && x.Revision.ID == *ev.Before {
			return x.Revision
		}
	}
	return nil
}

// disputedKey is the sentence for a step of a dispute.
func disputedKey(step string) locale.Key {
	switch step {
	case act.DisputeReply.String():
		return "story.dispute.reply"
	case act.DisputeCloses.String():
		return "story.dispute.close"
	}
	return "story.dispute.start"
}

// remarked is the sentence for a remark.
func remarked(ev plan.Event) locale.Key {
	switch ev.Sort {
	case act.Reservation.String():
		return "story.reservation"
	case act.Objection.String():
		return "story.objection"
	case act.Interpretation.String():
		return "story.interpretation"
	case act.Scrutiny.String():
		return "story.scrutiny"
	}
	return "story.comment"
}

// progressSaid names a step of progress by its word in the log.
func progressSaid(s string) locale.Key {
	for _, p := range []act.Progress{act.Underway, act.Done, act.Stopped} {
		if p.String() == s {
			return progressKey(p)
		}
	}
	return progressKey(0)
}
