package backend

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// envelope is the JSON document that a log travels in. Servers of Terraform's
// protocol take one document, and GitLab wants a serial in it that grows with
// every write.
type envelope struct {
	// Format is 1.
	Format int `json:"lockstep_log"`
	Serial int `json:"serial"`
	// Lines of the log.
	Lines []json.RawMessage `json:"lines"`
}

const (
	envelopeFormat = 1
	envelopeEnd    = "\n]}\n"
)

// errNotLog is returned for a document of another program.
var errNotLog = errors.New("there is something else than a lockstep state at this address, such as a state of Terraform. Give lockstep an address of its own")

// seal puts a log of whole lines into an envelope.
func seal(serial int, log []byte) []byte {
	var b bytes.Buffer
	b.Grow(len(log) + len(log)/100 + 100)
	fmt.Fprintf(&b, "{\"lockstep_log\":%d,\"serial\":%d,\"lines\":[\n", envelopeFormat, serial)
	b.Write(bytes.ReplaceAll(bytes.TrimSuffix(log, []byte("\n")), []byte("\n"), []byte(",\n")))
	b.WriteString(envelopeEnd)
	return b.Bytes()
}

// unseal takes the log out of an envelope. Nothing gives an empty log.
func unseal(text []byte) (log []byte, serial int, err error) {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, 0, nil
	}
	var e envelope
	// The layout of seal is taken apart line by line: no line of a log has a
	// newline in it.
	head, rest, _ := bytes.Cut(text, []byte("\n"))
	if body, ok := bytes.CutSuffix(rest, []byte(envelopeEnd)); ok && json.Unmarshal(append(bytes.Clone(head), "]}"...), &e) == nil && e.Format == envelopeFormat {
		return append(bytes.ReplaceAll(body, []byte(",\n"), []byte("\n")), '\n'), e.Serial, nil
	}
	// A server may lay JSON out in its own way.
	if err := json.Unmarshal(text, &e); err != nil || e.Format == 0 {
		return nil, 0, errNotLog
	}
	if e.Format != envelopeFormat {
		return nil, 0, fmt.Errorf("the state was written by a newer lockstep (format %d): upgrade", e.Format)
	}
	var b bytes.Buffer
	for _, line := range e.Lines {
		if err := json.Compact(&b, line); err != nil {
			return nil, 0, err
		}
		b.WriteByte('\n')
	}
	return b.Bytes(), e.Serial, nil
}
