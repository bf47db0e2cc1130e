package state

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"

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
	path     atomic.Pointer[sealedPath]
}

// digest is a hash under way, with the room that it needs.
type digest struct {
	mac  hash.Hash
	text []byte
	sum  []byte
}

// newSealer makes a Sealer that hashes with a secret. With personal, personal data is hashed;
// sensitive values always are.
func newSealer(secret []byte, personal bool) *Sealer {
	s := &Sealer{personal: personal, secret: secret}
	s.digests.New = func() any { return &digest{mac: hmac.New(sha256.New, secret)} }
	return s
}

// hides reports whether the value of a field is kept as a hash only, whatever it
// says. a is its attribute, nil for one that is not known.
func (s *Sealer) hides(a *schema.Attribute, f *schema.Field) bool {
	if f.Sensitive || a == nil || a.Sensitive {
		return true
	}
	return s.personal && a.Personal
}

// hide puts hashes in the place of a value: of each member of a set, so that one
// that goes is still known.
func (s *Sealer) hide(f *BaseField) {
	if f.Claim == schema.ClaimValue || slices.ContainsFunc(f.Value.Items(), func(v schema.Value) bool { return v.Type() == schema.Map }) {
		f.Value, f.Hash = schema.Value{}, s.Value(f.Path, f.Value)
		return
	}
	f.Hashes = []string{}
	for _, member := range f.Value.Strings() {
		f.Hashes = append(f.Hashes, s.member(f.Path, member))
	}
	slices.Sort(f.Hashes)
	f.Value = schema.Value{}
}

func (s *Sealer) member(path, text string) string { return s.Value(path, schema.StringValue(text)) }

// Value hashes the value of a field.
func (s *Sealer) Value(path string, v schema.Value) string {
	d := s.begin(path)
	d.text = v.AppendJSON(d.text)
	return s.end(d)
}

// Sum is a digest of fields that changes whenever a value does.
func (s *Sealer) Sum(fields schema.Fields) Digest { return s.sum(fields, 0) }

// DesiredSum is a digest of what the files want of an object. It also changes when
// a value becomes sensitive, or ceases to be.
func (s *Sealer) DesiredSum(fields schema.Fields) Digest { return s.sum(fields, 0x80) }

// sum is worked out once for every object of a plan, so it hashes one buffer.
// sensitive marks the fields that are.
func (s *Sealer) sum(fields schema.Fields, sensitive byte) Digest {
	buf := append(make([]byte, 0, 512), s.secret...)
	for _, f := range fields {
		if f.Derived {
			continue
		}
		mark := byte(f.Claim)
		if f.Sensitive {
			mark |= sensitive
		}
		buf = append(buf, f.Path...)
		buf = append(buf, 0, mark)
		if f.Value.Type() == schema.String {
			buf = append(append(buf, '"'), f.Value.Text()...)
		} else {
			buf = f.Value.AppendJSON(buf)
		}
		buf = append(buf, 0)
	}
	sum := sha256.Sum256(buf)
	return Digest(sum[:len(Digest{})])
}

// Address hides the texts that are keys: of the instance and of the modules on
// the way to it. People are named there, whatever the kind: a module or a tag for
// each e-mail address. What is hidden already stays as it is.
func (s *Sealer) Address(a schema.Address) schema.Address {
	if !s.personal {
		return a
	}
	if a.Key.Type == schema.StringKey {
		a.Key.Text = s.Key(a.Key.Text)
	}
	a.Module = s.modules(a.Module)
	return a
}

// sealedPath is a path of modules, as written and as the state has it.
type sealedPath struct{ plain, sealed string }

// modules hides the keys of a path of modules. The objects of one module come one
// after the other, so the last path is kept.
func (s *Sealer) modules(path string) string {
	if path == "" {
		return ""
	}
	if last := s.path.Load(); last != nil && last.plain == path {
		return last.sealed
	}
	sealed := schema.WithModuleKeys(path, s.Key)
	s.path.Store(&sealedPath{path, sealed})
	return sealed
}

// Key hides the text of a key as Address does.
func (s *Sealer) Key(text string) string {
	if !s.personal || SealedKey(text) {
		return text
	}
	return sealedKey + s.digest("key", text)
}

// SealedKey reports whether the text of a key stands for a hidden one.
func SealedKey(text string) bool {
	if len(text) != len(sealedKey)+hashLength || !strings.HasPrefix(text, sealedKey) {
		return false
	}
	_, err := base64.RawURLEncoding.Strict().DecodeString(text[len(sealedKey):])
	return err == nil
}

// Recover finds the text of a key that a hidden one stands for, among the texts
// that the live object shows and what keys are made of them. live may be nil.
func (s *Sealer) Recover(hidden string, live *schema.Object) (text string, found bool) {
	if live == nil || !SealedKey(hidden) {
		return "", false
	}
	for _, spell := range []func(string) string{asIs, strings.ToLower, slug('_'), slug('-')} {
		for _, f := range live.Fields {
			if guess := spell(f.Value.Text()); guess != "" && s.Key(guess) == hidden {
				return guess, true
			}
		}
	}
	return "", false
}

func asIs(text string) string { return text }

// slug makes a key of a name, as files often do: "Shoe size" is shoe_size.
func slug(between rune) func(string) string {
	return func(text string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return unicode.ToLower(r)
			}
			return between
		}, text)
	}
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

// hashLength is how many characters a hash has: those of 16 bytes.
const hashLength = 22

// end shortens the hash to 16 bytes.
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
	case o.Key != "" && head.Key == "":
		return fmt.Sprintf("LOCKSTEP_STATE_KEY is set, and %s was begun without a key: its hashes do not use it", s.backend.Name())
	default:
		return ""
	}
}
