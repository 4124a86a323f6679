package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/cachegen/cachegen/generator/internal/check"
)

// The runtime does not depend on protobuf. Generated code for messages does, as the code of the
// messages does.

func (f *file) proto(ident string) *jen.Statement {
	return f.qual("google.golang.org/protobuf/proto", "proto", ident)
}

// protoMarshal is the call that marshals m in protobuf's deterministic form.
func (f *file) protoMarshal(m *jen.Statement) *jen.Statement {
	return f.proto("MarshalOptions").Values(jen.Id("Deterministic").Op(":").True(), jen.Id("AllowPartial").Op(":").True()).Dot("Marshal").Call(m)
}

// protoAppender returns the name of the function that appends protobuf messages. It is written
// later.
func (f *file) protoAppender() string {
	if f.appendProto != "" {
		return f.appendProto
	}
	f.appendProto = f.scope.declare("appendProto"+f.suffix, "appendProtoKey"+f.suffix)
	f.queue = append(f.queue, func() {
		f.out.Line().Commentf("%s appends m in protobuf's deterministic form.", f.appendProto)
		f.out.Func().Id(f.appendProto).Params(jen.Id("b").Index().Byte(), jen.Id("m").Add(f.proto("Message"))).Index().Byte().Block(
			jen.List(jen.Id("p"), jen.Err()).Op(":=").Add(f.protoMarshal(jen.Id("m"))),
			jen.Return(f.impl("AppendMarshaled").Call(jen.Id("b"), jen.Id("p"), jen.Err())),
		)
	})
	return f.appendProto
}

// registerProto hands protobuf's functions to the runtime if a plan stores messages.
func (f *file) registerProto(plans []*check.Plan) {
	for _, p := range plans {
		if p.Proto {
			message := jen.Id("m").Assert(f.proto("Message"))
			f.out.Line().Comment("Messages that are stored are in protobuf's form.")
			f.out.Func().Id("init").Params().Block(f.impl("RegisterProto").Custom(
				jen.Options{Open: "(", Close: ")", Separator: ",", Multi: true},
				jen.Func().Params(jen.Id("m").Any()).Params(jen.Index().Byte(), jen.Error()).Block(jen.Return(f.protoMarshal(message))),
				jen.Func().Params(jen.Id("p").Index().Byte(), jen.Id("m").Any()).Error().Block(
					jen.Return(f.proto("UnmarshalOptions").Values(jen.Id("AllowPartial").Op(":").True()).Dot("Unmarshal").Call(jen.Id("p"), message)),
				),
			))
			return
		}
	}
}
