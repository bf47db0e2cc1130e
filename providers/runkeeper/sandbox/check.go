package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// check returns why a property cannot have a value.
type check func(any) error

func isBool(v any) error {
	if _, ok := v.(bool); !ok {
		return errors.New("is neither true nor false")
	}
	return nil
}

func isNumber(v any) error {
	if n, ok := v.(float64); !ok || n < 0 {
		return errors.New("is not a number")
	}
	return nil
}

func isTime(v any) error {
	text, ok := v.(string)
	if !ok {
		return errors.New("is not a time")
	}
	if _, err := time.Parse(clockForm, text); err != nil {
		return errors.New("is not a time such as Sat, 1 Jan 2011 00:00:00")
	}
	return nil
}

func isText(most int) check {
	return func(v any) error {
		text, ok := v.(string)
		if !ok || len([]rune(text)) > most {
			return fmt.Errorf("is not a text of at most %d characters", most)
		}
		return nil
	}
}

func isOneOf(words []string) check {
	return func(v any) error {
		if text, ok := v.(string); !ok || !slices.Contains(words, text) {
			return fmt.Errorf("is not one of %q", words)
		}
		return nil
	}
}

func isArray(least int) check {
	return func(v any) error {
		if list, ok := v.([]any); !ok || len(list) < least {
			return fmt.Errorf("is not an array of at least %d", least)
		}
		return nil
	}
}

// isExercises checks the exercises of a strength session (Health Graph API,
// strength training activities).
func isExercises(v any) error {
	list, ok := v.([]any)
	if !ok || len(list) == 0 {
		return errors.New("is not an array of at least 1")
	}
	muscles := isOneOf([]string{"Arms", "Chest", "Back", "Shoulders", "Abs", "Legs"})
	known := map[string]check{"primary_type": isText(64), "secondary_type": isText(64), "primary_muscle_group": muscles,
		"secondary_muscle_group": muscles, "routine": isText(32), "notes": isText(1024), "sets": isSets}
	for _, e := range list {
		exercise, ok := e.(map[string]any)
		if !ok || exercise["sets"] == nil {
			return errors.New("has an exercise without sets")
		}
		if err := all(exercise, known); err != nil {
			return err
		}
	}
	return nil
}

func isSets(v any) error {
	if err := isArray(1)(v); err != nil {
		return err
	}
	list, _ := v.([]any)
	for _, s := range list {
		set, ok := s.(map[string]any)
		if !ok {
			return errors.New("has a set that is no object")
		}
		if err := all(set, map[string]check{"weight": isNumber, "repetitions": isNumber, "notes": isText(1024)}); err != nil {
			return err
		}
	}
	return nil
}

// all checks the properties of an object. It may have no others.
func all(object map[string]any, known map[string]check) error {
	for name, v := range object {
		if known[name] == nil {
			return fmt.Errorf("has the unknown property %s", name)
		}
		if err := known[name](v); err != nil {
			return fmt.Errorf("has a %s that %w", name, err)
		}
	}
	return nil
}
