package compliance

import "entente/act"

// Shape recognises a plain form in the rule; false where it has none. The form writes a rule that comes
// to the same.
func (r *Rule) Shape() (Form, bool) {
	f, ok := r.tree.shape()
	if !ok {
		return Form{}, false
	}
	switch unit := r.Unit(f.Quantity); {
	case f.Kind == FormAtLeast && unit == ScoreUnit:
		if score := (Form{Kind: FormScore, Quantity: f.Quantity, Value: f.Value}); score.check() == nil {
			f = score
		}
	case f.Kind == FormTarget && unit == One && f.Value == "1":
		f.Kind, f.Value = FormDone, ""
	}
	return f, f.check() == nil
}

// WithNear is the form with what counts as near, where that has a plain form too.
func (f Form) WithNear(near *Rule) (Form, bool) {
	if near == nil {
		return f, true
	}
	if _, _, _, by, _, _ := f.Kind.Uses(); by {
		return f.nearDay(near.tree)
	}
	parts := []*node{near.tree}
	if near.tree.is("||") {
		parts = near.tree.args
	}
	for _, p := range parts {
		q, m, days, op, value, ok := p.comparison()
		if !ok || q != f.Quantity || m != comparisonOf[f.Kind].measure || days != f.Days {
			return f, false
		}
		switch upper := f.Kind.upper() || f.Kind == FormBetween; {
		case op == ">=" && upper && f.Near == "":
			f.Near = value
		case op == "<=" && f.Kind == FormBetween && f.NearLow == "":
			f.NearLow = value
		case op == "<=" && !upper && f.Near == "":
			f.Near = value
		default:
			return f, false
		}
	}
	return f, f.check() == nil
}

// nearDay recognises the day from which a deadline is near.
func (f Form) nearDay(n *node) (Form, bool) {
	if !n.is(">=") || n.args[0].kind != nodeName || n.args[0].word != "now" || n.args[1].kind != nodeDay {
		return f, false
	}
	from, _ := DayOf(act.Date(n.args[1].word))
	by, _ := DayOf(f.By)
	f.NearDays = int(by - from)
	return f, f.NearDays > 0 && f.check() == nil
}

// shape recognises a form, without what its unit says of it.
func (n *node) shape() (Form, bool) {
	if n.kind == nodeCall {
		return n.deadline()
	}
	if n.is("&&") && len(n.args) == 2 {
		return n.between()
	}
	q, m, days, op, value, ok := n.comparison()
	if !ok {
		return Form{}, false
	}
	if m == MeasureLatest && op == "==" && value == "0" {
		return Form{Kind: FormNone, Quantity: q}, true
	}
	for k := FormAtMost; k < formKinds; k++ {
		if (comparison{m, op}) == comparisonOf[k] && k != FormNone && k != FormScore {
			return Form{Kind: k, Quantity: q, Value: value, Days: days}, true
		}
	}
	return Form{}, false
}

// between recognises a range, whichever of its ends is named first.
func (n *node) between() (Form, bool) {
	f := Form{Kind: FormBetween}
	for _, part := range n.args {
		q, m, _, op, value, ok := part.comparison()
		if !ok || m != MeasureLatest || f.Quantity != "" && q != f.Quantity {
			return Form{}, false
		}
		f.Quantity = q
		switch {
		case op == ">=" && f.Value == "":
			f.Value = value
		case op == "<=" && f.High == "":
			f.High = value
		default:
			return Form{}, false
		}
	}
	return f, true
}

// deadline recognises by, down_by and each_followed.
func (n *node) deadline() (Form, bool) {
	f := Form{Quantity: n.args[0].word}
	switch n.word {
	case "by", "down_by":
		f.Kind, f.Value, f.By = FormTarget, FormatFloat(n.args[1].num), act.Date(n.args[2].word)
		if n.word == "down_by" {
			f.Kind = FormTargetDown
		}
	case "each_followed":
		f.Kind, f.Other, f.Days = FormFollowed, n.args[1].word, int(n.args[2].days)
	default:
		return Form{}, false
	}
	return f, true
}

// comparison takes a comparison of one measure with a number apart.
func (n *node) comparison() (quantity string, m Measure, days int, op, value string, ok bool) {
	if n.kind != nodeOp || n.level() != levelCompare || n.args[0].kind != nodeCall || n.args[1].kind != nodeNumber {
		return
	}
	call := n.args[0]
	for i, name := range measureNames {
		if name == call.word {
			m, ok = Measure(i), true
		}
	}
	if len(call.args) > 1 && ok {
		days = int(call.args[1].days)
	}
	return call.args[0].word, m, days, n.word, FormatFloat(n.args[1].num), ok
}
