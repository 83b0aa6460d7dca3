package api

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/export/iati"
	"entente/internal/export/readings"
	"entente/marking"
	"entente/plan"
)

// isXML reports whether a file begins as XML does; no table does.
func isXML(file []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(file, []byte("\ufeff")), " \t\r\n"), []byte("<"))
}

// importIATI reads the results of activities: what was reached becomes observations, what is aimed at
// can become obligations.
func (d MonitorDesk) importIATI(ctx context.Context, g *chancery.Group, who chancery.Who, ask AskReadingImport, ref act.Ref, label *marking.Label,
	standing map[readings.Key]bool, progress func(done, of int) error) (ReadingImport, error) {
	out := ReadingImport{Form: formIATI}
	langs := g.Charter().Languages
	o := iati.Options{Lang: langs[0], Langs: langs, Standing: standing, Progress: progress}
	f, err := iati.Read(ask.File, o)
	if err != nil {
		var wrong *iati.Error
		if errors.As(err, &wrong) {
			return out, refuse("file", "%s Nothing was sent.", strings.TrimRight(wrong.Error(), ". ")+".")
		}
		return out, err
	}
	p := f.Readings(o)
	out.tell(p)
	reports := p.Batches(ref, label)
	var drafts []chancery.Draft
	g.View(func(p *plan.State) { drafts, err = out.aims(p, f, ref, o, ask.Targets) })
	if err != nil {
		return out, err
	}
	out.Acts = len(reports) + len(drafts)
	if ask.Targets && !g.Powers(who).Has(act.MayPropose) {
		return out, mayPropose()
	}
	if ask.Apply {
		err = d.send(ctx, g, who, ask, &out, drafts, reports)
	}
	return out, err
}

// aims lists what is aimed at and watched by no obligation yet and, where it is to be proposed, drafts
// obligations of it, each with a free reference.
func (out *ReadingImport) aims(p *plan.State, f *iati.File, ref act.Ref, o iati.Options, propose bool) (drafts []chancery.Draft, err error) {
	list, rejects := f.Proposals(ref, o)
	if propose {
		out.Rejects = append(out.Rejects, rejects[:min(len(rejects), max(0, readings.MaxRejects-len(out.Rejects)))]...)
		out.Rejected += len(rejects)
	}
	d := drafter{p: p, ask: &Ask{}}
	kids := p.Children(ref)
	for _, x := range list {
		w := x.Content.Watch
		if w == nil || slices.ContainsFunc(kids, func(e *plan.Element) bool { return watchesSame(p, e, w) }) {
			continue
		}
		t := ImportedTarget{Line: x.Line, Title: x.Content.Title, Watch: *w}
		if propose {
			if t.Ref, err = d.free(x.Content.Kind, ref); err != nil {
				return nil, err
			}
			d.before = append(d.before, chancery.Draft{Body: act.Table{Element: t.Ref, Content: x.Content}})
		}
		out.Targets = append(out.Targets, t)
	}
	return d.before, nil
}

// watchesSame reports whether an obligation has that quantity and that rule.
func watchesSame(p *plan.State, e *plan.Element, w *act.Watch) bool {
	if e.Status() == plan.Withdrawn || e.Status() == plan.Removed {
		return false
	}
	had := p.Content(e.Shown(p.Rule().Parties())).Watch
	return had != nil && had.Quantity == w.Quantity && had.Rule == w.Rule
}

func mayPropose() error {
	return refuse("powers", "You have no power to propose in this group. Nothing was sent. Ask whoever names its delegation.")
}
