package storybook

import (
	"entente/internal/web/ui"
	"entente/text"
)

// A passage is a text on paper whose brackets are a tree.
type passage struct {
	ID    string
	Lang  text.Lang
	Nodes []text.Node
}

// paperParties are those whose brackets stand on the paper.
func paperParties() ui.Parties {
	return ui.Parties{
		{Ordinal: 0, Code: "US", Name: "United States", Letters: text.Texts{{Lang: "he", Text: "ארה״ב"}}},
		{Ordinal: 1, Code: "IL", Name: "Israel", Letters: text.Texts{{Lang: "he", Text: "ישראל"}}},
		{Ordinal: 2, Code: "EG", Name: "Egypt"},
	}
}

// passages are the examples of mixed scripts, digits and brackets: what the
// reference pictures show.
func passages() []passage {
	dispute := func(base string, us, il, eg string) []text.Node {
		return text.Dispute(base, []text.Side{{Who: "US", Text: us}, {Who: "IL", Text: il}, {Who: "EG", Text: eg}})
	}
	read := func(s string) []text.Node {
		nodes, _ := text.ParseBrackets(s)
		return nodes
	}
	return []passage{
		{"en-nested", "en", dispute("The Parties shall meet at once. They report soon to the Agency.",
			"The Parties shall report to the Agency (IAEA) within thirty (30) days of each meeting.",
			"The Parties shall report to the Agency (IAEA) within fourteen (14) days of each meeting.",
			"The Parties shall meet.")},
		{"en-options", "en", read("3bis. The depth of [ ] metres [is] [[net] zero] as in \\[4\\].\nOption 1: [US: The Joint Commission of both Parties meets within thirty days.]\nOption 2: [IL: No text]")},
		{"en-struck", "en", read("The Parties [US, IL strike: shall] [US, IL: may] meet [EG opposes: in Geneva (סוויץ)] on 14.12.2017.")},
		{"he-nested", "he", dispute("",
			"הצדדים ידווחו לסבא״א (IAEA) בתוך שלושים (30) ימים מיום 14.12.2017.",
			"הצדדים ידווחו לסבא״א (IAEA) בתוך ארבעה־עשר (14) ימים מיום 14.12.2017.",
			"הצדדים יתייעצו.")},
		{"he-options", "he", read("3. עומק של [ ] מטרים, לפי UN Doc. A/72/1 [טקסט] [[נטו] אפס].\nחלופה 1: [US: הוועדה המשותפת תתכנס בתוך 30 ימים.]\nחלופה 2: [IL: ללא נוסח]")},
		{"he-struck", "he", read("הצדדים [US, IL strike: חייבים] [US, IL: רשאים] להיפגש [EG opposes: ב־Geneva].")},
		{"ar-nested", "ar", dispute("",
			"يقدم الطرفان تقاريرهما إلى الوكالة (IAEA) في غضون ثلاثين (30) يوماً من 14.12.2017.",
			"يقدم الطرفان تقاريرهما إلى الوكالة (IAEA) في غضون أربعة عشر (14) يوماً من 14.12.2017.",
			"يتشاور الطرفان.")},
		{"ar-options", "ar", read("٣. بعمق [ ] متراً وفقاً للوثيقة A/72/1.\nالخيار 1: [EG: تجتمع اللجنة المشتركة خلال 30 يوماً.]\nالخيار 2: [US: بدون نص]")},
	}
}
