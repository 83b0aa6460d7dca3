package web

import (
	"slices"
	"strings"

	"entente/act"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/plan"
)

// The languages of a paragraph stand beside each other with a tick between them, or with which of
// them is behind: which revision it follows, and which one the text has come to.

// behindSaid says which language of a text follows an earlier revision, or "".
func behindSaid(p *locale.Printer, list []plan.LangText) string {
	for _, t := range list {
		if t.Behind {
			return behindOf(p, t)
		}
	}
	return ""
}

// behindOf says which revision a language that is behind follows, and which one it does not.
func behindOf(p *locale.Printer, t plan.LangText) string {
	args := locale.Args{"Language": locale.Name(string(t.Lang))}
	if t.Follows == nil || t.Of == nil {
		return p.F("text.behind", args)
	}
	args["Earlier"], args["N"] = locale.Int(t.Follows.Number), locale.Int(t.Of.Number)
	return p.F("text.behind.of", args)
}

// inStep reports whether every party has certified that the languages of a paragraph mean the same,
// although one follows an earlier revision.
func inStep(p plan.Paragraph) bool { return p.Drift != nil && p.Drift.InStep }

// pairing says how the two languages of a paragraph stand to each other.
func (d docData) pairing(p *locale.Printer, par plan.Paragraph) ui.Pairing {
	var out ui.Pairing
	if par.Drift != nil {
		out.Beside = docDrift(d, par)
	}
	said := behindSaid(p, par.Text)
	if said != "" && inStep(par) {
		out.Same = p.T("parallel.certified") + ". " + said
	} else {
		out.Behind = said
	}
	return out
}

// certifiedSaid names the parties that have certified a revision.
func (c scene) certifiedSaid(x *plan.Drift) string {
	var names []string
	for _, s := range x.Certified {
		names = append(names, c.name(s.Party))
	}
	return strings.Join(names, ", ")
}

// mayCertify reports whether the person can say now that the languages of a paragraph mean the same.
func (d docData) mayCertify(p plan.Paragraph) bool {
	return !d.past() && d.View == plan.WithBrackets && !p.Drift.InStep && d.sc.may(act.MayCertify) &&
		!slices.ContainsFunc(p.Drift.Certified, func(s plan.Stamp) bool { return s.Party == d.sc.code() })
}
