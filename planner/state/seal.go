package state

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash"
	"strings"
	"sync"

	"lockstep/schema"
)

// Sealer hashes what the state must not hold in clear. It is salted by the
// state and keyed by LOCKSTEP_STATE_KEY when that is set; without a key, a
// guessed e-mail address could still be confirmed by anyone who has the
// state. It may be used concurrently.
type Sealer struct {
	personal bool
	secret   []byte
	digests  sync.Pool // of *digest
}

// digest is a hash under way, with the room that it needs.
type digest struct {
	mac  hash.Hash
	text []byte
	sum  []byte
}

// newSealer makes a Sealer. With personal, personal data is hashed;
// sensitive values always are.
func newSealer(salt, key string, personal bool) *Sealer {
	secret := []byte(salt + "\x00" + key)
	s := &Sealer{personal: personal, secret: secret}
	s.digests.New = func() any { return &digest{mac: hmac.New(sha256.New, secret)} }
	return s
}

// Hides reports whether values of an attribute are kept as a hash only.
func (s *Sealer) Hides(a *schema.Attribute, sensitive bool) bool {
	if sensitive || a == nil || a.Sensitive {
		return true
	}
	return s.personal && a.Personal
}

// Value hashes the value of a field.
func (s *Sealer) Value(path string, v schema.Value) string {
	d := s.begin(path)
	d.text = v.AppendJSON(d.text)
	return s.end(d)
}

// Sum is a digest of fields that changes whenever one of them does. It is
// worked out once for every object of a plan, so it hashes one buffer.
func (s *Sealer) Sum(fields schema.Fields) string {
	buf := append(make([]byte, 0, 512), s.secret...)
	for _, f := range fields {
		if f.Derived {
			continue
		}
		buf = append(buf, f.Path...)
		buf = append(buf, 0, byte(f.Claim))
		if f.Value.Type() == schema.String {
			buf = append(append(buf, '"'), f.Value.Text()...)
		} else {
			buf = f.Value.AppendJSON(buf)
		}
		buf = append(buf, 0)
	}
	sum := sha256.Sum256(buf)
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// Address hides the instance key of an object about a person.
func (s *Sealer) Address(kind *schema.Kind, a schema.Address) schema.Address {
	if !s.personal || kind == nil || !kind.Personal || a.Key.Type != schema.StringKey || Sealed(a) {
		return a
	}
	a.Key.Text = sealedKey + s.digest("key", a.Key.Text)
	return a
}

// Sealed reports whether an address' key is hidden.
func Sealed(a schema.Address) bool {
	return a.Key.Type == schema.StringKey && strings.HasPrefix(a.Key.Text, sealedKey) && len(a.Key.Text) == len(sealedKey)+22
}

// Recover finds the address that a sealed one stands for, among the texts
// that the live object shows. It returns the sealed one when none fits.
func (s *Sealer) Recover(kind *schema.Kind, sealed schema.Address, live *schema.Object) schema.Address {
	if !Sealed(sealed) || live == nil {
		return sealed
	}
	for _, f := range live.Fields {
		guess := sealed
		guess.Key.Text = f.Value.Text()
		if guess.Key.Text != "" && s.Address(kind, guess) == sealed {
			return guess
		}
	}
	return sealed
}

func (s *Sealer) digest(purpose, text string) string {
	d := s.begin(purpose)
	d.text = append(d.text, text...)
	return s.end(d)
}

// begin starts a hash for a purpose; the caller appends the text.
func (s *Sealer) begin(purpose string) *digest {
	d := s.digests.Get().(*digest)
	d.text = append(append(d.text[:0], purpose...), 0)
	return d
}

// end shortens the hash to 16 bytes, 22 characters.
func (s *Sealer) end(d *digest) string {
	defer s.digests.Put(d)
	d.mac.Reset()
	d.mac.Write(d.text)
	d.sum = d.mac.Sum(d.sum[:0])
	return base64.RawURLEncoding.EncodeToString(d.sum[:16])
}

// Mismatch tells how the state stores personal data differently from the
// options; empty when it stores it as they ask. Options count only for a state
// that begins with them.
func (s *Store) Mismatch(o Options) string {
	head := s.snap.head
	switch {
	case o.Personal != "" && o.Personal != head.Personal:
		return fmt.Sprintf("The settings ask for personal_data = %q, and %s was begun with %q, which it keeps to", o.Personal, s.backend.Name(), head.Personal)
	case o.Key != "" && !head.Keyed:
		return fmt.Sprintf("LOCKSTEP_STATE_KEY is set, and %s was begun without a key: its hashes do not use it", s.backend.Name())
	default:
		return ""
	}
}
