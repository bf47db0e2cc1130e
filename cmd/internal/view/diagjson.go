package view

import (
	"encoding/json"
	"io"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner/engine"
)

// diagnosticJSON is the form that Terraform's validate and event stream use,
// which editors and review tools read. Our own additions stand in "lockstep".
type diagnosticJSON struct {
	Severity string          `json:"severity"`
	Summary  string          `json:"summary"`
	Detail   string          `json:"detail"`
	Address  string          `json:"address,omitempty"`
	Range    *rangeJSON      `json:"range,omitempty"`
	Snippet  *snippetJSON    `json:"snippet,omitempty"`
	Lockstep *diagOriginJSON `json:"lockstep,omitempty"`
}

type rangeJSON struct {
	Filename string  `json:"filename"`
	Start    posJSON `json:"start"`
	End      posJSON `json:"end"`
}

type posJSON struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Byte   int `json:"byte"`
}

type snippetJSON struct {
	Context              *string             `json:"context"`
	Code                 string              `json:"code"`
	StartLine            int                 `json:"start_line"`
	HighlightStartOffset int                 `json:"highlight_start_offset"`
	HighlightEndOffset   int                 `json:"highlight_end_offset"`
	Values               []snippetValuesJSON `json:"values"`
}

type snippetValuesJSON struct {
	Traversal string `json:"traversal"`
	Statement string `json:"statement"`
}

type diagOriginJSON struct {
	Origin string `json:"origin,omitempty"`
	// More counts others of the same cause that are not listed.
	More int      `json:"more,omitempty"`
	API  *apiJSON `json:"api,omitempty"`
}

type apiJSON struct {
	Method  string   `json:"method"`
	Path    string   `json:"path"`
	Status  int      `json:"status,omitempty"`
	Message string   `json:"message,omitempty"`
	TraceID string   `json:"trace_id,omitempty"`
	Server  string   `json:"server,omitempty"`
	Scopes  []string `json:"scopes,omitempty"`
	Field   string   `json:"field,omitempty"`
}

func diagnosticToJSON(d *hcl.Diagnostic, files map[string]*hcl.File) diagnosticJSON {
	out := diagnosticJSON{Severity: "error", Summary: d.Summary, Detail: cutAt(d.Detail, maxShownEach)}
	if d.Severity == hcl.DiagWarning {
		out.Severity = "warning"
	}
	if d.Subject != nil && d.Subject.Filename != "" {
		r := visible(*d.Subject)
		out.Range = &rangeJSON{r.Filename, pos(r.Start), pos(r.End)}
		out.Snippet = snippet(d, r, files)
	}
	detail, ok := engine.DetailOf(d)
	if !ok {
		return out
	}
	out.Address = detail.Address
	if detail.Origin == "" && detail.API == nil && detail.More == 0 {
		return out
	}
	out.Lockstep = &diagOriginJSON{Origin: detail.Origin, More: detail.More}
	if a := detail.API; a != nil {
		message := a.Message
		if a.Status == 0 && a.Err != nil {
			message = a.Err.Error()
		}
		out.Lockstep.API = &apiJSON{a.Method, a.Path, a.Status, message, a.TraceID, a.Server, a.Scopes, a.Field}
	}
	return out
}

func pos(p hcl.Pos) posJSON { return posJSON{p.Line, p.Column, p.Byte} }

// visible widens an empty range to one character, so that there is something
// to underline.
func visible(r hcl.Range) hcl.Range {
	if r.Empty() {
		r.End.Byte++
		r.End.Column++
	}
	return r
}

// snippet cuts out the whole lines around a range.
func snippet(d *hcl.Diagnostic, r hcl.Range, files map[string]*hcl.File) *snippetJSON {
	file := files[r.Filename]
	if file == nil || r.Start.Byte > len(file.Bytes) {
		return nil
	}
	src := file.Bytes
	start := strings.LastIndexByte(string(src[:r.Start.Byte]), '\n') + 1
	end := min(r.End.Byte, len(src))
	if i := strings.IndexByte(string(src[end:]), '\n'); i >= 0 {
		end += i
	} else {
		end = len(src)
	}
	if end-start > maxShownEach {
		return nil
	}
	s := &snippetJSON{
		Code: string(src[start:end]), StartLine: r.Start.Line,
		HighlightStartOffset: r.Start.Byte - start,
		HighlightEndOffset:   min(r.End.Byte, end) - start,
		Values:               []snippetValuesJSON{},
	}
	s.HighlightEndOffset = max(s.HighlightEndOffset, s.HighlightStartOffset)
	if nav, ok := file.Nav.(interface{ ContextString(int) string }); ok {
		if text := nav.ContextString(r.Start.Byte); text != "" {
			s.Context = &text
		}
	}
	s.Values = append(s.Values, snippetValues(d)...)
	return s
}

// snippetValues tells the values that the failing expression refers to, never
// a sensitive one.
func snippetValues(d *hcl.Diagnostic) []snippetValuesJSON {
	if d.Expression == nil || d.EvalContext == nil {
		return nil
	}
	var found []snippetValuesJSON
	seen := map[string]bool{}
	for _, traversal := range d.Expression.Variables() {
		v, diags := traversal.TraverseAbs(d.EvalContext)
		name := traversalText(traversal)
		if diags.HasErrors() || seen[name] {
			continue
		}
		seen[name] = true
		if text := statement(v); text != "" {
			found = append(found, snippetValuesJSON{name, text})
		}
	}
	slices.SortFunc(found, func(a, b snippetValuesJSON) int { return strings.Compare(a.Traversal, b.Traversal) })
	return found
}

func statement(v cty.Value) string {
	switch {
	case v.ContainsMarked():
		return "has a sensitive value"
	case !v.IsKnown():
		return ""
	case v.IsNull():
		return "is null"
	case v.Type().IsPrimitiveType():
		return "is " + literal(v)
	case v.CanIterateElements():
		return "is " + v.Type().FriendlyName() + " with " + plural(v.LengthInt(), "element", "elements")
	default:
		return "is " + v.Type().FriendlyName()
	}
}

// ValidateJSON writes the result of `validate -json`.
func ValidateJSON(w io.Writer, diags hcl.Diagnostics, files map[string]*hcl.File) error {
	out := struct {
		FormatVersion string           `json:"format_version"`
		Valid         bool             `json:"valid"`
		ErrorCount    int              `json:"error_count"`
		WarningCount  int              `json:"warning_count"`
		Diagnostics   []diagnosticJSON `json:"diagnostics"`
	}{FormatVersion: "1.0", Valid: !diags.HasErrors(), Diagnostics: []diagnosticJSON{}}
	out.ErrorCount, out.WarningCount = countBoth(diags)
	for _, d := range listed(diags) {
		out.Diagnostics = append(out.Diagnostics, diagnosticToJSON(d, files))
	}
	return writeJSON(w, out, "  ")
}

// maxListed is how many diagnostics are listed in JSON, where none fold: review
// tools put each on its line.
const maxListed = 1000

// listed are the diagnostics that JSON lists, in their order. Of too many, errors
// are kept first, and a warning counts the others.
func listed(diags hcl.Diagnostics) hcl.Diagnostics {
	over := len(diags) - maxListed
	if over <= 0 {
		return diags
	}
	diags = Sorted(diags)
	left := &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: "More errors and warnings", Detail: thousands(over) + " more are not listed."}
	return append(hcl.Diagnostics{left}, diags[over:]...)
}

// countBoth counts errors and warnings, with those that are not at hand.
func countBoth(diags hcl.Diagnostics) (wrong, warnings int) {
	for _, d := range diags {
		detail, _ := engine.DetailOf(d)
		if d.Severity == hcl.DiagError {
			wrong += 1 + detail.More
		} else {
			warnings += 1 + detail.More
		}
	}
	return wrong, warnings
}

func writeJSON(w io.Writer, v any, indent string) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	return enc.Encode(v)
}
