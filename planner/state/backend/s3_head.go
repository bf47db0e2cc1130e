package backend

import (
	"bytes"
	"encoding/json"
	"fmt"

	"lockstep/planner/state"
)

// s3Format is the version of the head that this program writes.
const s3Format = 1

// s3Head is the object that a state in a bucket begins with: a line of JSON, and
// the lines of the log that no part has.
type s3Head struct {
	Format int `json:"lockstep_s3"`
	// Write names the write that made this head.
	Write string `json:"write"`
	// Parts are the objects that the log begins with.
	Parts []string    `json:"parts,omitempty"`
	Lease state.Lease `json:"lease,omitzero"`

	// tail are the lines after the parts.
	tail []byte
	// etag is the server's name for this very content; empty for a head that is not
	// there.
	etag string
}

// empty reports whether there is no log.
func (h s3Head) empty() bool { return len(h.Parts) == 0 && len(h.tail) == 0 }

func (h s3Head) encode() ([]byte, error) {
	line, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	return append(append(line, '\n'), h.tail...), nil
}

func decodeS3Head(text []byte, etag string) (h s3Head, err error) {
	line, tail, whole := bytes.Cut(text, []byte("\n"))
	if err := json.Unmarshal(line, &h); err != nil || !whole || h.Format == 0 {
		return s3Head{}, errNotLog
	}
	if h.Format != s3Format {
		return s3Head{}, fmt.Errorf("the state was written by a newer lockstep (format %d): upgrade", h.Format)
	}
	h.tail, h.etag = tail, etag
	return h, nil
}
