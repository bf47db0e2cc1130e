package openapitest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// checkRequest lists where a request disagrees with the documents.
func (v *Validator) checkRequest(req *http.Request, body []byte) []error {
	op, known := v.operation(req)
	if !known {
		if undocumented[req.Method+" "+shapeOf(req.URL.Path)] {
			return nil
		}
		return []error{fmt.Errorf("the documents of %s have no such operation", strings.Join(v.apps, ", "))}
	}
	problems := op.checkParams(req)
	schema := op.requestSchema()
	if len(body) == 0 {
		if schema != nil && len(schema.Required) > 0 {
			problems = append(problems, errors.New("the request has no body"))
		}
		return problems
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return append(problems, fmt.Errorf("the request's body is not JSON: %w", err))
	}
	if schema == nil {
		return append(problems, errors.New("the operation takes no body"))
	}
	problems = append(problems, op.excused("request", visit(schema, value, openapi3.VisitAsRequest()))...)
	if len(schema.Properties) == 0 {
		return problems // an empty schema says nothing
	}
	return append(problems, op.excused("request", unknownProperties(schema, value, ""))...)
}

func (op operation) requestSchema() *openapi3.Schema {
	if op.spec.RequestBody == nil {
		return nil
	}
	return schemaOf(op.spec.RequestBody.Value.Content)
}

func schemaOf(content openapi3.Content) *openapi3.Schema {
	media := content.Get("application/json")
	if media == nil || media.Schema == nil {
		return nil
	}
	return media.Schema.Value
}

// checkParams looks at headers and query: what is required is there, what is
// there is declared, and values are of the declared set.
func (op operation) checkParams(req *http.Request) []error {
	var problems []error
	declared := map[string]bool{}
	for _, ref := range op.params {
		param := ref.Value
		var got []string
		switch param.In {
		case openapi3.ParameterInHeader:
			got = req.Header.Values(param.Name)
		case openapi3.ParameterInQuery:
			declared[param.Name] = true
			got = req.URL.Query()[param.Name]
		default:
			continue
		}
		if len(got) == 0 {
			if param.Required {
				problems = append(problems, fmt.Errorf("%s parameter %s is missing", param.In, param.Name))
			}
			continue
		}
		if set := param.Schema.Value.Enum; len(set) > 0 && !slices.Contains(set, any(got[0])) {
			problems = append(problems, fmt.Errorf("%s parameter %s is %q, not one of %v", param.In, param.Name, got[0], set))
		}
	}
	for name := range req.URL.Query() {
		if !declared[name] {
			problems = append(problems, fmt.Errorf("query parameter %s is not declared", name))
		}
	}
	if !strings.HasPrefix(req.Header.Get("Authorization"), "Bearer ") {
		problems = append(problems, errors.New("the request has no bearer token"))
	}
	return problems
}

// checkAnswer lists where an answer disagrees with the documents.
func (v *Validator) checkAnswer(req *http.Request, status int, body []byte) []error {
	op, known := v.operation(req)
	if !known || gateway[status] {
		return nil
	}
	response := op.spec.Responses.Value(strconv.Itoa(status))
	if response == nil {
		for documented, really := range statuses {
			if really == status && documented.operation == op.spec.OperationID {
				response = op.spec.Responses.Value(strconv.Itoa(documented.status))
			}
		}
	}
	if response == nil {
		return []error{fmt.Errorf("status %d is not declared", status)}
	}
	schema := schemaOf(response.Value.Content)
	if schema == nil {
		return nil
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return []error{fmt.Errorf("the answer is not JSON: %w", err)}
	}
	return op.excused("answer", visit(schema, value, openapi3.VisitAsResponse()))
}

// problem is one disagreement, at a path such as customFields/0/value.
type problem struct {
	path   string
	reason string
}

func visit(schema *openapi3.Schema, value any, as openapi3.SchemaValidationOption) []problem {
	err := schema.VisitJSON(value, as, openapi3.MultiErrors())
	if err == nil {
		return nil
	}
	var several openapi3.MultiError
	if !errors.As(err, &several) {
		several = openapi3.MultiError{err}
	}
	return flatten(several)
}

func flatten(list openapi3.MultiError) []problem {
	var out []problem
	for _, err := range list {
		var several openapi3.MultiError
		var one *openapi3.SchemaError
		switch {
		case errors.As(err, &one):
			out = append(out, problem{strings.Join(one.JSONPointer(), "/"), one.Reason})
		case errors.As(err, &several):
			out = append(out, flatten(several)...)
		default:
			out = append(out, problem{"", err.Error()})
		}
	}
	return out
}

// unknownProperties lists the properties of a request that its schema lacks,
// which the API refuses although the documents do not say so.
func unknownProperties(schema *openapi3.Schema, value any, path string) []problem {
	var out []problem
	switch value := value.(type) {
	case map[string]any:
		if len(schema.Properties) == 0 {
			return nil
		}
		for name, member := range value {
			ref, declared := schema.Properties[name]
			if !declared {
				out = append(out, problem{path + name, "the property is not declared"})
				continue
			}
			out = append(out, unknownProperties(ref.Value, member, path+name+"/")...)
		}
	case []any:
		if schema.Items == nil {
			return nil
		}
		for i, element := range value {
			out = append(out, unknownProperties(schema.Items.Value, element, path+strconv.Itoa(i)+"/")...)
		}
	}
	return out
}

// excused turns problems into errors and leaves out the declared exceptions.
func (op operation) excused(where string, problems []problem) []error {
	var out []error
	for _, p := range problems {
		if !slices.ContainsFunc(exceptions, func(e exception) bool {
			return e.where == where && fitsPattern(e.operation, op.spec.OperationID) && fitsPattern(e.path, p.path)
		}) {
			out = append(out, fmt.Errorf("%s of %s: %s: %s", where, op.spec.OperationID, p.path, p.reason))
		}
	}
	return out
}

// fitsPattern compares paths in which the pattern's * stands for one segment.
func fitsPattern(pattern, path string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, got, func(w, g string) bool { return w == "*" || w == g })
}

// shapeOf writes a path with * for what looks like an id.
func shapeOf(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if len(segment) == 20 {
			segments[i] = "*"
		}
	}
	return strings.Join(segments, "/")
}
