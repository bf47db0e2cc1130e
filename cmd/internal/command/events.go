package command

import (
	"context"
	"os"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/schema/files"
)

// events are the event stream of a command: on stdout with -json, or in a file with
// -json-into, beside the text for people.
type events struct {
	stream *view.Stream
	// path and file are where -json-into writes; file is nil without it.
	path string
	file *os.File
}

// eventsFlag writes the event stream into a file, as OpenTofu's flag does.
func eventsFlag(s *session) cli.Flag {
	return &cli.StringFlag{
		Name: "json-into", Usage: "write the events of -json to a `FILE` as well, such as /dev/fd/3; a file that exists is overwritten",
		Action: func(_ context.Context, _ *cli.Command, path string) error { return s.writeEvents(path) },
	}
}

// writeEvents begins the event stream in a file. Events may be about people, so a file
// that it makes is private.
func (s *session) writeEvents(path string) error {
	if s.json {
		return usage("Give either -json, for events on stdout, or -json-into=%s.", path)
	}
	if err := keepsFiles("json-into", path); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, files.Private)
	if err != nil {
		return failed(problem("Cannot write the events", "-json-into=%s: %s.", path, reason(err)))
	}
	s.events = events{stream: view.NewStream(view.NewVisible(file, true), Version, s.env.Now), path: path, file: file}
	return nil
}

// endEvents ends the file of -json-into, and returns the exit code of the command: an
// error where everything else went well and an event is missing.
func (s *session) endEvents(code int) int {
	if s.events.file == nil {
		return code
	}
	err := s.events.stream.Err()
	if shut := s.events.file.Close(); err == nil {
		err = shut
	}
	path := s.events.path
	s.events = events{}
	if err == nil {
		return code
	}
	s.tell(problem("Cannot write the events", "-json-into=%s: %s. Events are missing there; the command itself went on to its end.", path, reason(err)))
	if code == ExitOK || code == ExitChanges {
		return ExitError
	}
	return code
}
