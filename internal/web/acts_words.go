package web

import (
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
)

// A deedSaid holds the sentences of the page of an act: what it is, what it does before it is done, and
// the button that repeats it.
type deedSaid struct {
	heading, effect, button locale.Key
	icon                    ui.Icon
}

// deedSaids are the sentences of every act that has a page.
var deedSaids = map[string]deedSaid{
	"accept":    {"deed.accept", "effect.accept", "button.accept", ui.IconCheck},
	"refer":     {"deed.refer", "effect.refer", "button.refer", ui.IconClock},
	"object":    {"deed.object", "effect.object", "button.object", ui.IconHand},
	"reserve":   {"deed.reserve", "effect.reserve", "button.reserve", ui.IconHand},
	"scrutiny":  {"deed.scrutiny", "effect.scrutiny", "button.scrutiny", ui.IconHand},
	"interpret": {"deed.interpret", "effect.interpret", "button.interpret", ui.IconQuote},
	"certify":   {"deed.certify", "effect.certify", "button.certify", ui.IconVerify},
	"withdraw":  {"deed.withdraw", "effect.withdraw", "button.withdraw", ui.IconUndo},
	"lift":      {"deed.lift", "effect.lift", "button.lift", ui.IconUndo},
	"report":    {"deed.report", "effect.report", "button.report", ui.IconFlag},
	"strike":    {"deed.strike", "effect.strike", "button.strike", ui.IconStrike},
	"remark":    {"deed.remark", "effect.remark", "button.remark", ui.IconRemark},
}

// args fill the places of an act's sentences.
func (d deed) args(p *locale.Printer) locale.Args {
	a := locale.Args{"Ref": d.Display, "Own": d.sc.own().Name, "Party": d.sc.name(party.Code(d.of)), "Text": d.whoseText(p, d.of), "N": 0}
	if d.Position != nil {
		a["N"] = locale.Int(d.Position.Revision.Number)
		a["Party"] = d.sc.name(d.Position.Party)
	}
	if d.certified != nil {
		a["N"] = locale.Int(d.certified.Number)
	}
	return a
}

// heading names the act in full: "Accept Israel’s text of A 1.1.2".
func (d deed) heading(p *locale.Printer) string {
	if d.Act == "accept" && len(d.takes) > 0 {
		return p.F("deed.accept.package", d.args(p))
	}
	return p.F(deedSaids[d.Act].heading, d.args(p))
}

// effect says what the act does before it is done.
func (d deed) effect(p *locale.Printer) string {
	switch {
	case d.Act == "accept" && d.confirms():
		return p.F("effect.accept.confirms", d.args(p))
	case d.Act == "accept" && len(d.takes) > 0:
		return p.F("effect.accept.package", d.args(p))
	case d.Act == "withdraw" && d.ownSilence():
		return p.F("effect.withdraw.silence", d.args(p))
	}
	return p.F(deedSaids[d.Act].effect, d.args(p))
}

// button repeats the act.
func (d deed) button(p *locale.Printer) (ui.Icon, string) {
	said := deedSaids[d.Act]
	if d.Act == "accept" && d.confirms() {
		return said.icon, p.F("button.confirm", d.args(p))
	}
	if d.Act == "accept" && len(d.takes) > 0 {
		return said.icon, p.F("button.package", d.args(p))
	}
	return said.icon, p.F(said.button, d.args(p))
}

// confirms reports whether accepting confirms what this party accepted ad referendum.
func (d deed) confirms() bool {
	r := d.ownReferral()
	return r != nil && d.Position != nil && r.Revision.ID == d.Position.Revision.ID
}

// ownSilence reports whether this party asked for the silence that runs.
func (d elementData) ownSilence() bool {
	return d.Silence != nil && d.Silence.Revision.Party == d.sc.code()
}
