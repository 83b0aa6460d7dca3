package api_test

import (
	"encoding/json"
	"testing"

	"entente/internal/api"
)

// TestAnEntryIsTheSameByPlaceAndById: and its act is JSON that names the same place.
func TestAnEntryIsTheSameByPlaceAndById(t *testing.T) {
	us, il := newServer(t), newServerOf(t, "IL", "Israel")
	linkAll(t, us, il)
	talk(us)
	for index := range 5 {
		at := string(rune('0' + index))
		byPlace := us.want(200, "", "d.reyes", "GET", "/v1/g/0/entry?party=US&epoch=0&index="+at, "")
		var p api.ActPage
		if err := json.Unmarshal([]byte(byPlace), &p); err != nil {
			t.Fatal(err)
		}
		var act struct {
			Index, Epoch int
			Body         map[string]any
		}
		if err := json.Unmarshal(p.Act, &act); err != nil || act.Index != index || p.Size == 0 {
			t.Errorf("entry %d: %v, it says it is entry %d, %d bytes", index, err, act.Index, p.Size)
		}
		for _, id := range []string{p.ID.String(), p.ID.String()[:8]} {
			if byID := us.want(200, "", "d.reyes", "GET", "/v1/g/0/entry?id="+id, ""); byID != byPlace {
				t.Errorf("by %s:\n%s\nby its place:\n%s", id, byID, byPlace)
			}
		}
	}
	us.want(404, "", "d.reyes", "GET", "/v1/g/0/entry?id=12345", "") // too few digits
	us.want(404, "", "d.reyes", "GET", "/v1/g/0/entry", "")
}
