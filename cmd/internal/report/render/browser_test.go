package render

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"lockstep/cmd/internal/report"
)

// browsers are the programs that can be driven.
var browsers = []string{"chromium", "chromium-browser", "google-chrome"}

// browse starts a browser, or skips the test where there is none.
func browse(t *testing.T) context.Context {
	t.Helper()
	program := ""
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			program = path
			break
		}
	}
	if program == "" {
		t.Skipf("none of %s is installed: the page is not looked at", strings.Join(browsers, ", "))
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

// heard is what a page complains about and asks for.
type heard struct {
	mu       sync.Mutex
	problems []string
	requests []string
}

func (h *heard) listen(ctx context.Context) error {
	return chromedp.Listen(ctx, func(event any) {
		h.mu.Lock()
		defer h.mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			h.problems = append(h.problems, e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			h.problems = append(h.problems, "console."+string(e.Type))
		case *cdplog.EventEntryAdded:
			h.problems = append(h.problems, e.Entry.Text)
		case *network.EventRequestWillBeSent:
			h.requests = append(h.requests, e.Request.URL)
		}
	})
}

// firstNames are the first visible rows of the table.
const firstNames = `[...document.querySelectorAll("#table tbody tr")].filter(r => !r.hidden).slice(0, 3).map(r => r.cells[0].innerText.trim() + " " + r.cells[2].innerText.trim())`

// shown counts what is visible.
const shown = `[document.querySelectorAll("#table tbody tr:not([hidden])").length, document.querySelectorAll(".person:not([hidden])").length, document.getElementById("shown").textContent].join(", ")`

// TestBrowser drives the page of 200 people, and one of hostile texts.
func TestBrowser(t *testing.T) {
	ctx := browse(t)
	var h heard
	if err := h.listen(ctx); err != nil {
		t.Fatal(err)
	}
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	if err == nil {
		_, err = chromedp.Call(ctx, cdplog.Enable, cdp.Empty{})
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Run("many", func(t *testing.T) { driveMany(t, ctx, open(t, invented(200))) })
	t.Run("huge", func(t *testing.T) { driveHuge(t, ctx, open(t, huge())) })
	t.Run("hostile", func(t *testing.T) { driveHostile(t, ctx, open(t, hostile())) })
	// What the test itself does wrong shows that mistakes are heard of.
	if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](`console.error("mistake"); void fetch("http://127.0.0.1:9/").catch(() => {})`)); err != nil {
		t.Fatal(err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.problems) < 2 || h.problems[0] != "console.error" || !strings.Contains(h.problems[1], "Content Security Policy") {
		t.Errorf("heard of %q, want the console and the policy that the test offends, and nothing before", h.problems)
	}
	for _, url := range h.requests {
		if !strings.HasPrefix(url, "file://") && url != "about:blank" {
			t.Errorf("a request leaves the page: %s", url)
		}
	}
	if len(h.requests) < 2 {
		t.Errorf("%d requests were seen, want at least one for each page", len(h.requests))
	}
}

// axeFile is the environment variable that names axe.min.js of axe-core, which is
// too large to carry along.
const axeFile = "LOCKSTEP_AXE"

// TestAccessible wants a page of which axe-core has nothing to say, light and
// dark, with every part of it open.
func TestAccessible(t *testing.T) {
	path := os.Getenv(axeFile)
	if path == "" {
		t.Skipf("%s does not name a copy of axe.min.js: the page is not examined", axeFile)
	}
	axe, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx := browse(t)
	const examine = `axe.run().then(r => r.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html).join(" ")).concat(r.passes.length > 20 ? [] : ["little was examined"]))`
	for name, f := range map[string]report.Facts{"small": small(), "many": invented(12), "nobody": {}, "hostile": hostile()} {
		url := open(t, f)
		for _, mode := range []chromedp.Action[chromedp.Void]{light, dark} {
			err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(url), mode,
				chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach(d => { d.open = true })`), chromedp.Evaluate[chromedp.Void](string(axe)+"; void 0"))
			if err != nil {
				t.Fatal(err)
			}
			found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](examine, chromedp.EvalAwaitPromise))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{}, found); diff != "" {
				t.Errorf("%s: violations (-want +got):\n%s", name, diff)
			}
		}
	}
}

// open writes a page to a file and returns its address.
func open(t *testing.T, f report.Facts) string {
	t.Helper()
	var b bytes.Buffer
	if err := Page(&b, report.Build(f, report.Options{Now: now})); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return "file://" + path
}

// dark asks for dark colours, and light for light ones.
func dark(ctx context.Context, _ *chromedp.Target) (chromedp.Void, error) { return scheme(ctx, "dark") }

func light(ctx context.Context, _ *chromedp.Target) (chromedp.Void, error) {
	return scheme(ctx, "light")
}

func scheme(ctx context.Context, name string) (chromedp.Void, error) {
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
	return chromedp.Void{}, err
}

func driveMany(t *testing.T, ctx context.Context, url string) {
	sortBy := func(column string) chromedp.Action[chromedp.Void] {
		return chromedp.Click(chromedp.Search(`//thead//button[contains(., "` + column + `")]`))
	}
	steps := []struct {
		reason string
		do     []chromedp.Action[chromedp.Void]
		ask    string
		want   any
	}{
		{"people come by name", []chromedp.Action[chromedp.Void]{chromedp.EmulateViewport(1280, 900), chromedp.Navigate(url), chromedp.WaitVisible(chromedp.CSS("#filter"))},
			firstNames, []any{"Ada Adler today", "Ada Brook 6 days ago", "Ada Dahl –"}},
		{"a click on the head sorts, the largest first", []chromedp.Action[chromedp.Void]{sortBy("Last activity")},
			firstNames, []any{"Ravi Reed 41 days ago", "Ada Stone 39 days ago", "Ben Quist 39 days ago"}},
		{"the head says so", nil, `[...document.querySelectorAll("[aria-sort]")].map(h => h.innerText.trim() + " " + h.ariaSort)`, []any{"Last activity descending"}},
		{"the keyboard sorts the other way", []chromedp.Action[chromedp.Void]{chromedp.KeyEvent("\r")},
			firstNames, []any{"Ada Adler today", "Dana Castle today", "Eli Gray today"}},
		{"those without a value are last either way", nil, `document.querySelector("#table tbody tr:last-child").cells[2].innerText`, "–"},
		{"filtering hides rows and people", []chromedp.Action[chromedp.Void]{chromedp.SendKeys(chromedp.CSS("#filter"), "ben vip")}, shown, "4, 4, 4 of 200 shown"},
		{"no person fits", []chromedp.Action[chromedp.Void]{chromedp.SendKeys(chromedp.CSS("#filter"), "xyz")}, `document.getElementById("nobody").hidden + ", " + ` + shown, "false, 0, 0, 0 of 200 shown"},
		{"a link to a hidden person shows all people", []chromedp.Action[chromedp.Void]{chromedp.Evaluate[chromedp.Void](`location.hash = "p7"`), chromedp.WaitVisible(chromedp.CSS("#p7"))}, shown, "200, 200, "},
		{"and opens the person, alone", nil, `[...document.querySelectorAll(".person[open]")].map(p => p.querySelector(".body").id)`, []any{"p7"}},
		{"on the narrowest phone nothing lies outside", []chromedp.Action[chromedp.Void]{chromedp.EmulateViewport(320, 640)},
			`document.documentElement.scrollWidth <= 320 && document.getElementById("table").getBoundingClientRect().right <= 320`, true},
		{"light", nil, `getComputedStyle(document.body).backgroundColor`, "rgb(250, 248, 244)"},
		{"dark", []chromedp.Action[chromedp.Void]{dark},
			`getComputedStyle(document.body).backgroundColor`, "rgb(21, 24, 26)"},
		{"each head of a column can be reached by Tab", nil, `document.querySelectorAll("#table thead button").length`, 8.0},
		{"each chart tells what it shows", nil, `[...document.querySelectorAll("svg")].every(s => s.ariaHidden === "true" || s.role === "img" && s.ariaLabel.endsWith("."))`, true},
		{"no text is smaller than can be read", nil, `[...document.querySelectorAll(".person[open] *")].every(e => parseFloat(getComputedStyle(e).fontSize) >= 11)`, true},
		{"each id is there once", nil, `(ids => ids.length - new Set(ids).size)([...document.querySelectorAll("[id]")].map(e => e.id))`, 0.0},
	}
	for _, s := range steps {
		if err := chromedp.Do(ctx, s.do...); err != nil {
			t.Fatalf("%s: %v", s.reason, err)
		}
		got, err := chromedp.Run(ctx, chromedp.Evaluate[any](s.ask))
		if err != nil {
			t.Fatalf("%s: %v", s.reason, err)
		}
		if diff := cmp.Diff(s.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s.reason, diff)
		}
	}
}

// driveHuge wants a page of huge texts that is no wider than the screen and a few
// screens long.
func driveHuge(t *testing.T, ctx context.Context, url string) {
	for width, most := range map[int64]float64{390: 12_000, 1280: 8000} {
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(url), chromedp.WaitVisible(chromedp.CSS("#filter"))); err != nil {
			t.Fatal(err)
		}
		got, err := chromedp.Run(ctx, chromedp.Evaluate[[]float64](`[document.documentElement.scrollWidth, document.documentElement.scrollHeight]`))
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 2 || got[0] > float64(width) || got[1] > most {
			t.Errorf("at %d px the page of huge texts is %v wide and high, want %v high at most", width, got, most)
		}
	}
}

// driveHostile wants texts to be texts, and a smuggled style or script to be
// refused.
func driveHostile(t *testing.T, ctx context.Context, url string) {
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(320, 640), chromedp.Navigate(url), chromedp.WaitVisible(chromedp.CSS("#filter"))); err != nil {
		t.Fatal(err)
	}
	got, err := chromedp.Run(ctx, chromedp.Evaluate[map[string]bool](`({
		"wider than the screen": document.documentElement.scrollWidth > 320,
		"a foreign script ran": "hacked" in window,
		"elements of others": document.querySelectorAll("script, style, img, iframe, b[onclick]").length !== 2,
		"texts are told": document.body.textContent.includes("<script>hacked = 1</script>"),
	})`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"wider than the screen": false, "a foreign script ran": false, "elements of others": false, "texts are told": true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a page of hostile texts (-want +got):\n%s", diff)
	}
}
