package web_test

import (
	"html"
	"net/http"
	"regexp"
	"testing"
)

// every page of the plan, as United States sees it.
var planPages = []string{
	"/g/0/plan", "/g/1/plan", "/g/0/plan?groups=all", "/g/1/plan?at=A-1.1.2&in=1", "/g/1/plan?state=in-brackets", "/g/1/new", "/g/1/new?kind=action&parent=W-1.1",
	"/g/1/e/A-1.1.2", "/g/1/e/A-1.1.2?tab=history", "/g/1/e/A-1.1.2?tab=trace", "/g/1/e/A-1.1.2?tab=discussion", "/g/1/e/W-1.2", "/g/0/e/S-1", "/g/0/e/P-1",
	"/g/1/e/A-1.1.2/negotiate", "/g/1/e/W-1.1/negotiate", "/g/1/e/A-1.1.2/act/accept?of=IL", "/g/1/e/A-1.1.2/act/reserve", "/g/1/e/A-1.1.2/act/withdraw",
	"/g/1/e/A-1.1.2/act/remark", "/g/1/e/A-1.1.1/act/report", "/g/1/e/A-1.1.1/act/strike",
	"/g/1/negotiation", "/g/1/negotiation?turn=US", "/g/1/doc", "/g/1/doc?view=agreed", "/g/1/doc?view=changes&since=2", "/g/1/doc/parallel", "/g/1/doc/parallel?at=A-1.1.2",
	"/g/0/doc/parallel", "/g/1/doc/new",
	"/s", "/s/new", "/s/S-1", "/s/S-1/mark?n=3", "/s/S-1/passage/P-4", "/verify", "/g/0/e/P-2", "/g/0/e/S-1/negotiate", "/g/0/e/P-4/negotiate",
}

func TestEveryPageOfThePlanIsShown(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	for _, path := range planPages {
		b.get(path).has(http.StatusOK, "</html>")
	}
}

// linksOf are the addresses that a page leads to.
func linksOf(body string) (out []string) {
	for _, m := range regexp.MustCompile(`<a[^>]* href="([^"#][^"]*)"`).FindAllStringSubmatch(body, -1) {
		out = append(out, html.UnescapeString(m[1]))
	}
	return out
}
