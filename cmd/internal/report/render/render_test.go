package render

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/cmd/internal/report"
	"lockstep/cmd/internal/report/figures"
)

func rendered(t *testing.T, format string, f report.Facts, redact bool) string {
	t.Helper()
	var b bytes.Buffer
	if err := Find(format)(&b, report.Build(f, report.Options{Now: now, Redact: redact})); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// golden compares with a file in testdata, or writes it when UPDATE_GOLDEN is
// set.
func golden(t *testing.T, reason, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: -want, +got:\n%s", reason, diff)
	}
}

// digests are what changes in a page with each change of its style or script.
var digests = regexp.MustCompile(`sha256-[^=]*=`)

// skeleton is a page without style and script.
func skeleton(page string) string {
	page = strings.Replace(page, pageCSS, "", 1)
	page = strings.Replace(page, pageJS, "", 1)
	return digests.ReplaceAllString(page, "sha256-")
}

func TestFormats(t *testing.T) {
	for format, end := range map[string]string{"html": "html", "markdown": "md", "json": "json", "csv": "csv"} {
		t.Run(format, func(t *testing.T) {
			golden(t, "each format is stable", "small."+end, skeleton(rendered(t, format, small(), false)))
			golden(t, "each format is stable when redacted", "redacted."+end, skeleton(rendered(t, format, small(), true)))
			golden(t, "a report without people tells so", "nobody."+end, skeleton(rendered(t, format, report.Facts{}, false)))
		})
	}
	if !slices.Contains(Formats(), "html") || Find("xml") != nil {
		t.Errorf("the formats are %v, and Find(xml) is there", Formats())
	}
}

// TestNoAthletes wants a report of a CRM alone to be silent about training.
func TestNoAthletes(t *testing.T) {
	f := small()
	f.People = f.People[:1]
	f.People[0].Athletes, f.People[0].Activities = nil, nil
	for _, format := range []string{"html", "markdown"} {
		page := skeleton(rendered(t, format, f, false))
		for _, word := range []string{" km", "Runkeeper", "ctivit", "Quiet", "ast week", "mean"} {
			if strings.Contains(page, word) {
				t.Errorf("the %s of a CRM alone says %q", format, word)
			}
		}
		if !strings.Contains(page, "Ann Ode") || !strings.Contains(page, "1 overdue") {
			t.Errorf("the %s has not the person and her task", format)
		}
	}
}

// TestRedacted wants nothing in a redacted report that tells who a person is or
// what was written about them.
func TestRedacted(t *testing.T) {
	secrets := []string{"Ann", "Ode", "ann@", "bo@", "Cy Sample", "12025550111", "CON1", "CON2", "ghl_contact", "vip", "Riverside", "Felt fine", "marathon",
		"cy2", "exports/", "shoes", "the plan", "By mail", "Welcome", "Gait", "Track", "bpm", "heart_rate_bpm", "08:00\"", "18:30", `"t1"`, `"n1"`}
	for _, format := range Formats() {
		open, masked := rendered(t, format, small(), false), rendered(t, format, small(), true)
		for _, s := range secrets[:5] {
			if format != "csv" && !strings.Contains(open, s) && s != "ann@" {
				t.Errorf("%s: %q is missing without -redact", format, s)
			}
		}
		for _, s := range secrets {
			if strings.Contains(skeleton(masked), s) {
				t.Errorf("%s: %q is told in spite of -redact", format, s)
			}
		}
		if !strings.Contains(masked, "redacted-1") || !strings.Contains(masked, "10.0") {
			t.Errorf("%s: neither people nor distances are left:\n%s", format, masked)
		}
	}
}

// TestHostile wants texts to be texts in every format.
func TestHostile(t *testing.T) {
	page := skeleton(rendered(t, "html", hostile(), false))
	tags := regexp.MustCompile(`<(/?[a-zA-Z][a-zA-Z0-9]*)`)
	allowed := strings.Fields("html head meta title style body a header p h1 main section h2 h3 h4 dl div dt dd small figure svg defs pattern rect path figcaption span " +
		"ul ol li details summary label input table caption thead tbody tr th td bdi code strong footer script h4 b i em u summary")
	for _, m := range tags.FindAllStringSubmatch(page, -1) {
		if !slices.Contains(allowed, strings.TrimPrefix(m[1], "/")) {
			t.Errorf("the page has the element %s", m[0])
		}
	}
	if n := strings.Count(page, "<script"); n != 1 || strings.Count(page, "<style") != 1 || strings.Contains(page, ` onclick="`) || strings.Contains(page, "javascript:alert(1)\"") {
		t.Errorf("the page has %d scripts, or an attribute that a text made", n)
	}
	if strings.ContainsAny(rendered(t, "markdown", hostile(), false), "\u202e\u202c") {
		t.Error("the Markdown turns its lines around")
	}
	for i, line := range strings.Split(rendered(t, "markdown", hostile(), false), "\n") {
		bare := regexp.MustCompile("`[^`]*`").ReplaceAllString(line, "")
		if strings.ContainsAny(bare, "<>") || regexp.MustCompile(`(^|[^\\])\[[^ ]`).MatchString(bare) || regexp.MustCompile(`@\w|#\d|://`).MatchString(bare) {
			t.Errorf("line %d of the Markdown has markup, a link or a mention: %s", i+1, line)
		}
		if strings.HasPrefix(line, "| ") && strings.Count(strings.ReplaceAll(bare, `\|`, ""), "|") != strings.Count("| 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 |", "|") && i > 20 {
			t.Errorf("line %d of the Markdown has another number of cells: %s", i+1, line)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(rendered(t, "csv", hostile(), false))).ReadAll()
	if err != nil || len(rows) != 1+len(hostile().People) {
		t.Fatalf("the CSV has %d rows: %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=@+-", rune(cell[0])) && strings.Trim(cell, "+-.0123456789") != "" {
				t.Errorf("a spreadsheet program takes the cell %q for a formula", cell)
			}
		}
	}
}

func TestJSONRoundTrip(t *testing.T) {
	want := report.Build(small(), report.Options{Now: now})
	var got report.Report
	if err := json.Unmarshal([]byte(rendered(t, "json", small(), false)), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, &got); diff != "" {
		t.Errorf("the JSON form loses something (-want +got):\n%s", diff)
	}
}

// TestPages wants each entry of a timeline on a page of it.
func TestPages(t *testing.T) {
	f := invented(1)
	total := len(report.Build(f, report.Options{Now: now}).People[0].Timeline)
	page := rendered(t, "html", f, false)
	if got := strings.Count(page, "<li><i>") + strings.Count(page, "<li class="); got != total || total <= shownEntries {
		t.Errorf("the page shows %d of %d entries", got, total)
	}
	if got, want := strings.Count(page, `<ol class="log">`), (total+shownEntries-1)/shownEntries; got != want {
		t.Errorf("%d pages of a timeline, want %d", got, want)
	}
	d := drawing{near: day}
	entries := report.Build(f, report.Options{Now: now}).People[0].Timeline
	pages, left := d.pages(entries, 0)
	if len(pages) != 1 || left != total-shownEntries {
		t.Errorf("without room there are %d pages and %d entries left, want the first page alone", len(pages), left)
	}
}

// TestOne wants a page of one person without what compares people.
func TestOne(t *testing.T) {
	page := skeleton(rendered(t, "html", invented(1), false))
	for _, part := range []string{`id="table"`, "<dt>People", "One by one", "Back to the list", `href="#people"`} {
		if strings.Contains(page, part) {
			t.Errorf("the page of one person has %q", part)
		}
	}
	if !strings.Contains(page, `<details class="person"`) || !strings.Contains(page, " open>") || !strings.Contains(page, `href="#each"`) {
		t.Error("the page of one person does not show the person at once")
	}
}

// TestValues wants all that a chart shows in a table as well, for those who have
// no mouse to point with.
func TestValues(t *testing.T) {
	page := rendered(t, "html", small(), false)
	for _, want := range []string{"<tr><th>6 Jul<td>31.5<td>1:10<td>1<td>27.0", "<tr><th>13 Jul<td>10.0<td>0:55<td>1<td>5:29<td>151", "<tr><th>July<td>31.5<td>0.0<td>–", "<tr><th>Fastest, 20 km or more<td>27.0<td>31.5<td>1:10:00"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

// TestHuge wants pages that can be read at one go, and lose nothing.
func TestHuge(t *testing.T) {
	for format, most := range map[string]int{"markdown": 10_000, "html": 300_000} {
		text := skeleton(rendered(t, format, huge(), false))
		if len(text) > most {
			t.Errorf("the %s of huge texts has %d bytes, want %d at most", format, len(text), most)
		}
		if !strings.Contains(text, "Maximilian…") || !strings.Contains(text, "360 more") {
			t.Errorf("the %s does not say that there is more", format)
		}
	}
	for _, format := range []string{"html", "json"} {
		if text := rendered(t, format, huge(), false); !strings.Contains(text, "and the end.") || !strings.Contains(text, "tag 399") {
			t.Errorf("the %s has not all of a note, or of the tags", format)
		}
	}
}

func TestTexts(t *testing.T) {
	n := func(i int) *int { return &i }
	metric, imperial := units{}, units{imperial: true}
	cases := map[string]struct{ reason, got, want string }{
		"Whole":     {"a text that fits stays", cut("añb", 3), "añb"},
		"Cut":       {"one that does not is cut at a character", cut("añbc", 3), "añb…"},
		"Word":      {"and better between words", cut("one two three", 9), "one two…"},
		"Short":     {"tenths below a thousand", number(12.449), "12.4"},
		"Long":      {"no tenths above", number(1234567.8), "1,234,568"},
		"Edge":      {"rounding up to a thousand", number(999.96), "1,000"},
		"Miles":     {"miles are shorter in number", imperial.distance(10), "6.2 mi"},
		"Pace":      {"runs are told by their pace", metric.speed(figures.Pace, 329), "5:29 /km"},
		"PaceMile":  {"for a mile", imperial.speed(figures.Pace, 329), "8:49 /mi"},
		"Speed":     {"rides by their speed", metric.speed(figures.Speed, 120), "30.0 km/h"},
		"SpeedMile": {"in miles", imperial.speed(figures.Speed, 120), "18.6 mph"},
		"Swim":      {"swims by the pace of 100 m", metric.speed(figures.SwimPace, 1250), "2:05 /100 m"},
		"SwimYard":  {"or of 100 yards", imperial.speed(figures.SwimPace, 1250), "1:54 /100 yd"},
		"Untold":    {"yoga by none", metric.speed(figures.Untold, 1250), ""},
		"Climb":     {"heights have thousands too", metric.climb(1234.4), "1,234 m"},
		"Feet":      {"feet", imperial.climb(100), "328 ft"},
		"HoursMin":  {"sums are hours and minutes", hours(138_720), "38:32"},
		"HoursMany": {"with thousands", hours(4_500_000), "1,250:00"},
		"Count":     {"thousands are told apart in counts too", idle(n(5089)), "5,089 days ago"},
		"Hours":     {"hours are told when there are some", clock(3966), "1:06:06"},
		"Minutes":   {"minutes alone", clock(2700), "45:00"},
		"Fewer":     {"a true minus", signed(n(-21)), "−21 %"},
		"More":      {"a plus", signed(n(5)), "+5 %"},
		"Same":      {"neither more nor less", signed(n(0)), "±0 %"},
		"Nothing":   {"nothing to compare with", signed(nil), "–"},
		"Never":     {"no activity at all", idle(nil), "never"},
		"Yesterday": {"one day is yesterday", idle(n(1)), "yesterday"},
		"Late":      {"an hour ago is late too", due(&report.Task{State: "overdue"}), "overdue since today"},
		"NoDay":     {"what is no day stays", day("soon"), "soon"},
		"Phone":     {"a phone number is no formula", harmless("+12025550111"), "+12025550111"},
		"Formula":   {"a formula is a text", harmless("=1+1"), "'=1+1"},
		"Minus":     {"and so is this", harmless("-1+cmd"), "'-1+cmd"},
		"Tags":      {"each tag is harmless, where a semicolon ends a cell", harmless("vip;=1+1;-2;@x"), "vip;'=1+1;-2;'@x"},
		"Lines":     {"a new line is skipped before a formula", harmless("\n=1;\r=2"), "'\n=1;'\r=2"},
		"Wide":      {"wide signs begin formulas too", harmless("＝1+1;＠x;－a"), "'＝1+1;'＠x;'－a"},
		"Tabs":      {"a tab ends a cell as a semicolon does", harmless("vip\t=1\t+2"), "vip\t'=1\t+2"},
		"Reasons":   {"also after a space", harmless("a: b; =1"), "a: b;' =1"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if tc.got != tc.want {
				t.Errorf("%s: got %q, want %q", tc.reason, tc.got, tc.want)
			}
		})
	}
}

func BenchmarkPage(b *testing.B) {
	f := invented(200)
	for b.Loop() {
		var out bytes.Buffer
		if err := Page(&out, report.Build(f, report.Options{Now: now})); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(out.Len())/1e6, "MB/page")
	}
}
