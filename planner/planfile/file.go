package planfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"lockstep/planner"
	"lockstep/schema"
	"lockstep/schema/files"
)

// FormatVersion is the version of the files that this program writes.
const FormatVersion = 1

// File is a saved plan and what it was made from.
type File struct {
	// ToolVersion wrote the file.
	ToolVersion string
	// ConfigDigest of the files, and Accounts that the providers had.
	ConfigDigest string
	Accounts     map[string]string
	// Lineage and Serial of the state; empty and 0 when there was none.
	Lineage string
	Serial  int
	// Workspace that was selected.
	Workspace string
	// Time is what timestamp() was, so that planning again gives the same.
	Time time.Time
	// Variables are the values of variables that are not sensitive, as JSON with
	// their types.
	Variables map[string]json.RawMessage
	// Configuration is what the files say, as the JSON form of a plan shows it. It is
	// for looking at only.
	Configuration json.RawMessage
	// Plan to look at. Its sensitive values are absent.
	Plan *planner.Plan
	// Salt and Digests of the changes by provider and address: what is given
	// another account is made there and deleted here.
	Salt    string
	Digests map[string]string
}

// New makes a File of a plan. salt should be random.
func New(p *planner.Plan, salt string) *File {
	f := &File{Plan: p, Salt: salt, Digests: map[string]string{}}
	for i := range p.Changes {
		f.Digests[key(&p.Changes[i])] = p.Changes[i].Digest(salt)
	}
	for i := range p.Invocations {
		f.Digests[p.Invocations[i].Key()] = p.Invocations[i].Digest(salt)
	}
	return f
}

// Moved names what differs between the saved changes and a fresh plan, in the
// order of the fresh plan and then of the saved one.
func (f *File) Moved(fresh *planner.Plan) []string {
	var moved []string
	seen := map[string]bool{}
	for i := range fresh.Changes {
		c := &fresh.Changes[i]
		address := c.Address.String()
		seen[key(c)] = true
		was, ok := f.Digests[key(c)]
		switch {
		case !ok:
			moved = append(moved, fmt.Sprintf("%s would now be changed too (%s)", address, c.Action))
		case was != c.Digest(f.Salt):
			moved = append(moved, fmt.Sprintf("%s is no longer as it was when the plan was made", address))
		}
	}
	for i := range f.Plan.Changes {
		c := &f.Plan.Changes[i]
		if !seen[key(c)] {
			moved = append(moved, fmt.Sprintf("%s no longer needs to be changed (the plan says %s)", c.Address, c.Action))
		}
	}
	return append(moved, f.movedInvocations(fresh)...)
}

// key names a change among all of a plan.
func key(c *planner.Change) string { return c.Provider + " " + c.Address.String() }

// Keys encrypt and decrypt the file, where that is asked for.
type Keys interface {
	// Writer encrypts what is written, until it is closed.
	Writer(w io.Writer) (io.WriteCloser, error)
	// File decrypts the content of a file that is encrypted.
	File(content []byte) ([]byte, error)
}

// Write saves a plan with mode 0600, replacing what was there.
func Write(path string, f *File, keys Keys) error {
	err := files.Replace(path, files.Private, func(to io.Writer) error {
		w, err := keys.Writer(to)
		if err != nil {
			return err
		}
		// A large plan is written as it is encoded: encoding/json would make all of
		// it first, and then all of it again with indents.
		if err := jsonv2.MarshalWrite(w, encode(f), jsonv1.DefaultOptionsV1(), jsontext.WithIndent(" ")); err != nil {
			return err
		}
		if _, err := io.WriteString(w, "\n"); err != nil {
			return err
		}
		return w.Close()
	})
	if err != nil {
		return fmt.Errorf("cannot save the plan: %w", err)
	}
	return nil
}

// ErrNotPlan is returned for a file that is not a saved plan.
var ErrNotPlan = errors.New("it is not a plan that `lockstep plan -out` saved")

// Read reads a saved plan. catalog declares the kinds that it may name.
func Read(path string, catalog []*schema.Provider, keys Keys) (*File, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the plan: %w", err)
	}
	var f *File
	if data, err = keys.File(data); err == nil {
		f, err = Decode(data, catalog)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot use the plan %s: %w", path, err)
	}
	return f, nil
}

// Decode reads a saved plan from its bytes.
func Decode(data []byte, catalog []*schema.Provider) (*File, error) {
	var d document
	err := jsonv2.Unmarshal(data, &d, jsonv1.DefaultOptionsV1())
	format := d.Format
	if err != nil {
		// A newer version may have written what does not fit.
		format = formatOf(data)
	}
	switch {
	case format <= 0:
		return nil, ErrNotPlan
	case format > FormatVersion:
		return nil, fmt.Errorf("its format is version %d and this lockstep knows %d: plan again with this version, or upgrade", format, FormatVersion)
	case err != nil:
		return nil, fmt.Errorf("%w (%w)", ErrNotPlan, err)
	}
	return d.file(catalog)
}

// formatOf is the version of a file, 0 when it is no plan.
func formatOf(data []byte) int {
	var head struct {
		Format int `json:"lockstep_plan"`
	}
	if json.Unmarshal(data, &head) != nil {
		return 0
	}
	return head.Format
}
