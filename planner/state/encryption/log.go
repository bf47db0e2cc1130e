package encryption

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"filippo.io/age"

	"lockstep/planner/state"
)

const (
	format = 1
	// formatMark is what an encrypted log begins with.
	formatMark = `{"lockstep_encrypted":`
	// batchMark and batchEnd are around the message of a batch.
	batchMark, batchEnd = `{"sealed":"`, `"}`
	// mostBatch is about how much of a whole log becomes one batch.
	mostBatch = 1 << 20
)

// head is the first line of an encrypted log.
type head struct {
	Format int `json:"lockstep_encrypted"`
	// Log names this log, so that no batch of another one is taken for its own.
	Log string `json:"log"`
	// Key is an age message that has a logKey.
	Key []byte `json:"key"`
}

// logKey is what the batches of a log are encrypted with.
type logKey struct {
	Identity string `json:"identity"`
	// For are the recipients that the key was encrypted for.
	For []string `json:"for"`
}

// place is what a batch begins with: its log, and its number in that.
type place struct {
	Log    string `json:"log"`
	Number int    `json:"number"`
}

// cipher encrypts and decrypts the batches of one log.
type cipher struct {
	head     head
	identity *age.X25519Identity
	names    []string
	// next is the number of the next batch.
	next int
	// room is for the message of a batch.
	room []byte
}

// newCipher makes a cipher for a new log. Its key is the one of the log before, which
// may be nil, unless that was encrypted for others.
func (k *Keys) newCipher(before *cipher) (*cipher, error) {
	if before != nil && (!k.settings.Set || slices.Equal(before.names, k.names())) {
		c := &cipher{head: before.head, identity: before.identity, names: before.names}
		c.head.Log = rand.Text()
		return c, nil
	}
	if err := k.check(); err != nil {
		return nil, err
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	c := &cipher{identity: identity, names: k.names(), head: head{Format: format, Log: rand.Text()}}
	text, err := json.Marshal(logKey{Identity: identity.String(), For: c.names})
	if err != nil {
		return nil, err
	}
	c.head.Key, err = sealFor(text, k.recipients...)
	return c, err
}

// openCipher reads the head of a log.
func (k *Keys) openCipher(line []byte) (*cipher, error) {
	c := &cipher{}
	if err := json.Unmarshal(line, &c.head); err != nil {
		return nil, errDamaged
	}
	if c.head.Format != format {
		return nil, fmt.Errorf("its encryption is of version %d and this lockstep knows %d: upgrade", c.head.Format, format)
	}
	text, err := k.unseal(c.head.Key)
	if err != nil {
		return nil, err
	}
	var key logKey
	if err := json.Unmarshal(text, &key); err != nil {
		return nil, errDamaged
	}
	c.names = key.For
	c.identity, err = age.ParseX25519Identity(key.Identity)
	if err != nil {
		return nil, errDamaged // The error of age may quote the key.
	}
	return c, nil
}

// errDamaged is returned for what no key would open.
var errDamaged = errors.New("it is encrypted, and damaged: restore a copy")

// errCut is returned for a log that lacks its own first line, which tells whose it is.
var errCut = errors.New("it is encrypted, and was cut off after its first line: restore a copy")

// Encrypted reports whether a text begins as an encrypted log does.
func Encrypted(text []byte) bool { return bytes.HasPrefix(text, []byte(formatMark)) }

// IsState reports whether a text begins as a log does, in clear or encrypted.
func IsState(text []byte) bool {
	return Encrypted(text) || bytes.HasPrefix(text, []byte(state.FormatMark))
}

// begin encrypts a whole log.
func (c *cipher) begin(log []byte) ([]byte, error) {
	sealed, err := json.Marshal(c.head)
	if err != nil {
		return nil, err
	}
	sealed = append(sealed, '\n')
	for len(log) > 0 {
		n := len(log)
		if n > mostBatch {
			n = mostBatch + bytes.IndexByte(log[mostBatch:], '\n') + 1
		}
		line, err := c.batch(log[:n])
		if err != nil {
			return nil, err
		}
		sealed, log = append(sealed, line...), log[n:]
	}
	return sealed, nil
}

// batch encrypts whole lines into one line, as the next batch of the log.
func (c *cipher) batch(lines []byte) ([]byte, error) {
	begin, err := json.Marshal(place{c.head.Log, c.next})
	if err != nil {
		return nil, err
	}
	message, err := sealFor(slices.Concat(begin, []byte("\n"), lines), c.identity.Recipient())
	if err != nil {
		return nil, err
	}
	c.next++
	line := base64.StdEncoding.AppendEncode([]byte(batchMark), message)
	return append(append(line, batchEnd...), '\n'), nil
}

// open decrypts the lines after the head. A last one that is not whole is left as it
// is, which tells that the log was cut off.
func (c *cipher) open(sealed *bufio.Reader) ([]byte, error) {
	var log []byte
	for {
		line, err := sealed.ReadBytes('\n')
		switch {
		case errors.Is(err, io.EOF) && len(log) == 0:
			return nil, errCut
		case errors.Is(err, io.EOF):
			return append(log, line...), nil
		}
		if err != nil {
			return nil, err
		}
		lines, err := c.openBatch(bytes.TrimSuffix(line, []byte("\n")))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", c.next+2, err)
		}
		log = append(log, lines...)
		c.next++
	}
}

func (c *cipher) openBatch(line []byte) ([]byte, error) {
	message, begins := bytes.CutPrefix(line, []byte(batchMark))
	message, ends := bytes.CutSuffix(message, []byte(batchEnd))
	message, err := base64.StdEncoding.AppendDecode(c.room[:0], message)
	c.room = message
	if err != nil || !begins || !ends {
		return nil, errDamaged
	}
	text, err := unsealWith(message, c.identity)
	if err != nil {
		return nil, errDamaged
	}
	begin, lines, _ := bytes.Cut(text, []byte("\n"))
	var at place
	if err := json.Unmarshal(begin, &at); err != nil || at != (place{c.head.Log, c.next}) {
		return nil, errors.New("it belongs elsewhere: lines of the encrypted state are missing or in another order. Restore a copy")
	}
	return lines, nil
}
