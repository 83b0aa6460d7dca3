package web_test

import (
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// TestPagesOfTheSettingsInABrowser puts every page before axe-core, as TestPagesOfThePlanInABrowser does.
func TestPagesOfTheSettingsInABrowser(t *testing.T) {
	x := withColleague(t)
	b := x.us.signedIn()
	ctx := window(t)
	lookAt(t, ctx, b, "set", settingsPages...)
	axe, err := os.ReadFile("testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"en", "he"} {
		b.bring(ctx, language, "light")
		steps(t, ctx, chromedp.EmulateViewport(360, 1000), chromedp.Navigate(b.site+"/settings/people/k.lind/link"), chromedp.Click("#main .btn.primary"), chromedp.WaitReady(".onetime"))
		judge(t, ctx, string(axe), "a link that was made, "+language)
		picture(t, ctx, "set-link-made-"+language)
		steps(t, ctx, chromedp.Navigate(b.site+"/settings/people/add"), chromedp.Click("#main .btn.primary"), chromedp.WaitReady(".errsum"))
		judge(t, ctx, string(axe), "a person without a name, "+language)
		picture(t, ctx, "set-add-wrong-"+language)
	}
}

// TestSecurityKeyInABrowser adds a security key and signs in with it, as a person does.
func TestSecurityKeyInABrowser(t *testing.T) {
	g := keyGround(t)
	b := g.signedIn()
	ctx := window(t)
	b.bring(ctx, "en", "light")
	for _, call := range []func() error{
		func() error { _, err := chromedp.Call(ctx, webauthn.Enable, webauthn.EnableParams{}); return err },
		func() error {
			_, err := chromedp.Call(ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
				Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportUsb, HasResidentKey: true,
				HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
			return err
		},
	} {
		if err := call(); err != nil {
			t.Fatal(err)
		}
	}
	steps(t, ctx, chromedp.Navigate(b.site+"/settings"), chromedp.WaitReady(".js"), chromedp.SendKeys("#name", "Blue stick"),
		chromedp.Click(".keyform button"), chromedp.WaitVisible(".rowlist"))
	if at := asked[string](t, ctx, `location.pathname + location.search`); at != "/settings?told=key-added" {
		t.Errorf("adding a key led to %s", at)
	}
	b.post("/sign-out", nil)
	steps(t, ctx, chromedp.Navigate(b.site+"/sign-in?return=%2Fsettings"), chromedp.WaitReady(".js"))
	picture(t, ctx, "set-sign-in-key")
	steps(t, ctx, chromedp.Click(".keyform button"), chromedp.WaitVisible(".rowlist"))
	if words := asked[string](t, ctx, `document.querySelector(".rowlist").innerText`); !strings.Contains(words, "Last used") {
		t.Errorf("after signing in with it the key says %q", words)
	}
}
