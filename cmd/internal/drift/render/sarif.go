package render

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lockstep/cmd/internal/drift"
)

// The parts of SARIF 2.1.0 (OASIS standard, section 3) that a report has.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string    `json:"id"`
		ShortDescription sarifText `json:"shortDescription"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
		// Prints tell one result from the others from run to run.
		Prints   map[string]string `json:"partialFingerprints"`
		Baseline string            `json:"baselineState,omitempty"`
		Hosted   string            `json:"hostedViewerUri,omitempty"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
)

// SARIF writes a report in the format that code scanning reads.
func SARIF(w io.Writer, r *drift.Report, o Options) error {
	run := sarifRun{Tool: sarifTool{sarifDriver{Name: "lockstep", Version: o.Version}}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	classes := drift.Classes()
	for _, class := range classes {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{string(class), sarifText{capital(class.Words())}})
	}
	for i := range r.Objects {
		object := &r.Objects[i]
		result := sarifResult{RuleID: string(object.Class), RuleIndex: slices.Index(classes, object.Class), Level: "note",
			Message: sarifText{message(object)}, Locations: []sarifLocation{location(object)}, Hosted: object.Link,
			Prints: map[string]string{"object/v1": fingerprint(object)}}
		if slices.Contains(o.Fails, object.Class) {
			result.Level = "warning"
		}
		switch {
		case !r.Compared:
		case object.New:
			result.Baseline = "new"
		default:
			result.Baseline = "unchanged"
		}
		run.Results = append(run.Results, result)
	}
	return encode(w, sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}, "  ")
}

func location(o *drift.Object) sarifLocation {
	l := sarifLocation{Logical: []sarifLogical{{Name: o.Called(), Kind: "resource"}}}
	at := strings.LastIndexByte(o.Source, ':')
	if at < 0 {
		return l
	}
	line, err := strconv.Atoi(o.Source[at+1:])
	if err != nil || line < 1 {
		return l
	}
	uri := url.URL{Path: o.Source[:at]}
	l.Physical = &sarifPhysical{sarifArtifact{uri.String()}, sarifRegion{line}}
	return l
}

func fingerprint(o *drift.Object) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{o.Provider, o.Kind, o.Address, o.ID, string(o.Class)}, "\x00")))
	return hex.EncodeToString(sum[:16])
}
