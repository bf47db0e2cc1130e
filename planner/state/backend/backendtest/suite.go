package backendtest

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/planner/state"
	"lockstep/schema"
)

// Suite holds what every backend must: nothing that was written is lost, and two
// runs never write at a time. open returns the backend as another run opens it.
func Suite(t *testing.T, open func(t *testing.T) (again func() state.Backend)) {
	t.Run("Begin", func(t *testing.T) { begin(t, open(t)) })
	t.Run("Tail", func(t *testing.T) { tail(t, open(t)) })
	t.Run("Lock", func(t *testing.T) { lock(t, open(t)) })
	t.Run("Unlock", func(t *testing.T) { unlock(t, open(t)) })
	t.Run("Contention", func(t *testing.T) { contention(t, open(t)) })
}

const head = `{"lockstep_state":2,"lineage":"l","salt":"s","personal_data":"plain","serial":0}` + "\n"

// content is all of the log as a run reads it.
func content(t *testing.T, b state.Backend) string {
	t.Helper()
	log, err := b.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(io.NewSectionReader(log, 0, math.MaxInt64))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func locked(t *testing.T, b state.Backend, holder string) (release func()) {
	t.Helper()
	end, err := b.Lock(t.Context(), holder)
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := end(); err != nil {
			t.Error(err)
		}
	}
}

// begin holds that a state without a log is empty, and is begun by a whole log.
func begin(t *testing.T, again func() state.Backend) {
	b := again()
	if text := content(t, b); text != "" {
		t.Fatalf("a log that is not there has %q", text)
	}
	if err := b.Append(t.Context(), []byte("{}\n")); err == nil {
		t.Error("lines were added to a log that is not there")
	}
	if b.Name() == "" {
		t.Error("the backend has no name")
	}
	defer locked(t, b, "ann")()
	if text := content(t, b); text != "" {
		t.Fatalf("a locked log that is not there has %q", text)
	}
	if err := b.Replace(t.Context(), []byte(head)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(head, content(t, again())); diff != "" {
		t.Errorf("-written +read:\n%s", diff)
	}
}

// tail writes records, each in a batch of its own, and reads them back before and
// after the log is compacted.
func tail(t *testing.T, again func() state.Backend) {
	const records = 20
	b := again()
	release := locked(t, b, "ann")
	s, err := state.Open(t.Context(), b, state.Options{Personal: "plain"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range records {
		if err := s.Write(t.Context(), state.Batch{Put: []*state.Record{record(fmt.Sprintf("ä<\\%d\\n,\"", i), fmt.Sprint(i))}}); err != nil {
			t.Fatal(err)
		}
	}
	before := content(t, b)
	if diff := cmp.Diff(before, content(t, again())); diff != "" {
		t.Errorf("-writer +reader:\n%s", diff)
	}
	if n := strings.Count(before, "\n"); n != 1+2*records {
		t.Errorf("the log has %d lines, want a header and two for each batch:\n%s", n, before)
	}
	if err := s.Compact(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	release()
	read, err := state.Open(t.Context(), again(), state.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if read.Snapshot().Records.Len() != records || read.Snapshot().Cut != 0 || read.Snapshot().Lineage() != s.Snapshot().Lineage() {
		t.Errorf("compacted, the log has %d records, cut at %d:\n%s", read.Snapshot().Records.Len(), read.Snapshot().Cut, content(t, again()))
	}
}

func record(key, id string) *state.Record {
	r := state.NewRecord(schema.Address{Kind: "crm_contact", Name: "x", Key: schema.Key{Type: schema.StringKey, Text: key}})
	r.Provider, r.ID = "crm", id
	return r
}

// lock holds that a lock keeps others out, names its holder, and is free again
// when it was released.
func lock(t *testing.T, again func() state.Backend) {
	release := locked(t, again(), "ann apply")
	_, err := again().Lock(t.Context(), "bob")
	var held *state.LockedError
	if !errors.As(err, &held) || held.Holder != "ann apply" || held.ID == "" || held.Since.IsZero() {
		t.Fatalf("a *LockedError that names the holder wanted, got %#v", err)
	}
	release()
	locked(t, again(), "bob")()
}

// unlock holds that a run whose lock was taken away writes no more, and does not
// release the lock of the next one.
func unlock(t *testing.T, again func() state.Backend) {
	first := again()
	release, err := first.Lock(t.Context(), "ann")
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Replace(t.Context(), []byte(head)); err != nil {
		t.Fatal(err)
	}
	_, err = again().Lock(t.Context(), "bob")
	var held *state.LockedError
	if !errors.As(err, &held) {
		t.Fatalf("a *LockedError wanted, got %v", err)
	}
	if err := again().Unlock(t.Context(), held.ID); err != nil {
		t.Fatal(err)
	}
	second := again()
	defer locked(t, second, "bob")()
	_ = content(t, second)
	if err := second.Append(t.Context(), []byte(`{"serial":1}`+"\n")); err != nil {
		t.Errorf("the run that has the lock now cannot write: %v", err)
	}
	if err := first.Append(t.Context(), []byte(`{"serial":2}`+"\n")); !errors.Is(err, state.ErrLost) {
		t.Errorf("appended without the lock: %v", err)
	}
	if err := first.Replace(t.Context(), []byte(head)); !errors.Is(err, state.ErrLost) {
		t.Errorf("replaced without the lock: %v", err)
	}
	_ = release()
	if _, err := again().Lock(t.Context(), "carl"); !errors.As(err, &held) || held.Holder != "bob" {
		t.Errorf("bob's lock was released by another run: %v", err)
	}
	if text := content(t, again()); text != head+`{"serial":1}`+"\n" {
		t.Errorf("the log is not bob's:\n%s", text)
	}
}

// contention lets runs fight for the lock. Each that gets it adds a line; all
// these lines are there in the end, in the order in which they had the lock.
func contention(t *testing.T, again func() state.Backend) {
	const runs, lines = 4, 5
	first := again()
	release := locked(t, first, "first")
	if err := first.Replace(t.Context(), []byte(head)); err != nil {
		t.Fatal(err)
	}
	release()
	var added atomic.Int64
	var group sync.WaitGroup
	for n := range runs {
		group.Go(func() {
			for wrote := 0; wrote < lines && !t.Failed(); {
				ok, err := addLine(t, again(), fmt.Sprint("run ", n), &added)
				if err != nil {
					t.Error(err)
					return
				}
				if ok {
					wrote++
				}
			}
		})
	}
	group.Wait()
	want := head
	for n := range runs * lines {
		want += fmt.Sprintf("{\"serial\":%d}\n", n+1)
	}
	if diff := cmp.Diff(want, content(t, again())); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// addLine adds the next number to the log under the lock, and reports false when
// another run has that.
func addLine(t *testing.T, b state.Backend, holder string, added *atomic.Int64) (bool, error) {
	end, err := b.Lock(t.Context(), holder)
	var held *state.LockedError
	if errors.As(err, &held) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if _, err := b.Load(t.Context()); err != nil {
		return false, errors.Join(err, end())
	}
	err = b.Append(t.Context(), fmt.Appendf(nil, "{\"serial\":%d}\n", added.Add(1)))
	return true, errors.Join(err, end())
}
