import { ProtobufWriter } from "./protobuf-writer";

/** Element types by their number in onnx.proto. */
const elementTypes = { float: 1, int32: 6, int64: 7, bool: 9 } as const;
type ElementType = keyof typeof elementTypes;

/** A static size, or the name of a size that each run decides. */
type Dimension = number | string;

type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly graph: GraphBuilder };

type Attributes = Readonly<Record<string, Attribute>>;

/** Name of a value in the graph. */
export type Value = string;

const opset = 23;
const irVersion = 10;
const contribDomain = "com.microsoft";
/** Operators of onnxruntime's own domain; everything else is ai.onnx. */
const contribOperators = new Set(["FusedMatMul", "RotaryEmbedding"]);

/**
 * Builds an ONNX graph (or a subgraph, which sees the values of its parent) node by node, in execution order.
 * Constants are shared and live in the outermost graph.
 */
export class GraphBuilder {
  private readonly nodes: ProtobufWriter[] = [];
  private readonly inputs: ProtobufWriter[] = [];
  private readonly outputs: ProtobufWriter[] = [];
  private readonly initializers: ProtobufWriter[] = [];
  private readonly constants = new Map<string, Value>();
  private counter = 0;

  constructor(private readonly parent?: GraphBuilder) {}

  subgraph(): GraphBuilder {
    return new GraphBuilder(this);
  }

  fresh(hint: string): Value {
    if (this.parent) return this.parent.fresh(hint);
    return `${hint}.${this.counter++}`;
  }

  input(name: Value, type: ElementType, shape: readonly Dimension[]): Value {
    this.inputs.push(valueInfo(name, type, shape));
    return name;
  }

  output(value: Value, type: ElementType, shape: readonly Dimension[], name: Value = value): void {
    if (name !== value) this.nodes.push(node("Identity", [value], [name], {}));
    this.outputs.push(valueInfo(name, type, shape));
  }

  /** Adds a node with one output and names that output. An empty input name leaves an optional input out. */
  op(type: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    return this.ops(type, inputs, 1, attributes)[0]!;
  }

  /** Adds a node with several outputs; `wanted` says which are used (a number: the first ones). */
  ops(type: string, inputs: readonly Value[], wanted: number | readonly boolean[], attributes: Attributes = {}): Value[] {
    const wants = typeof wanted === "number" ? Array.from({ length: wanted }, () => true) : wanted;
    const outputs = wants.map((want) => (want ? this.fresh(type) : ""));
    this.nodes.push(node(type, inputs, outputs, attributes));
    return outputs;
  }

  ints(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    return this.constant(`i64:${shape.join("x")}:${values.join(",")}`, () => {
      return tensor("int64", shape, new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
    });
  }

  scalar(value: number): Value {
    return this.constant(`f32:${value}`, () => tensor("float", [], new Uint8Array(new Float32Array([value]).buffer)));
  }

  boolean(value: boolean): Value {
    return this.constant(`bool:${value}`, () => tensor("bool", [], Uint8Array.of(value ? 1 : 0)));
  }

  filled(value: number, shape: readonly number[]): Value {
    const length = shape.reduce((product, size) => product * size, 1);
    return this.constant(`f32:${value}:${shape.join("x")}`, () => {
      return tensor("float", shape, new Uint8Array(new Float32Array(length).fill(value).buffer));
    });
  }

  /** A named tensor stored inside the model, for weights that do not change while the session lives. */
  initializer(name: Value, shape: readonly number[], values: Float32Array): Value {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.initializers.push(tensor("float", shape, bytes).string(8, name));
    return name;
  }

  /** The complete model file. */
  model(): Uint8Array {
    return new ProtobufWriter()
      .int(1, irVersion)
      .string(2, "midtrain")
      .message(7, this.graph("decoder"))
      .message(8, new ProtobufWriter().string(1, "").int(2, opset))
      .message(8, new ProtobufWriter().string(1, contribDomain).int(2, 1))
      .finish();
  }

  graph(name: string): ProtobufWriter {
    const writer = new ProtobufWriter();
    for (const each of this.nodes) writer.message(1, each);
    writer.string(2, name);
    for (const each of this.initializers) writer.message(5, each);
    for (const each of this.inputs) writer.message(11, each);
    for (const each of this.outputs) writer.message(12, each);
    return writer;
  }

  private constant(key: string, make: () => ProtobufWriter): Value {
    if (this.parent) return this.parent.constant(key, make);
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const name = this.fresh("constant");
    this.initializers.push(make().string(8, name));
    this.constants.set(key, name);
    return name;
  }
}

function node(type: string, inputs: readonly Value[], outputs: readonly Value[], attributes: Attributes): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const input of inputs) writer.string(1, input);
  for (const output of outputs) writer.string(2, output);
  writer.string(4, type);
  for (const [name, attribute] of Object.entries(attributes)) writer.message(5, attributeProto(name, attribute));
  if (contribOperators.has(type)) writer.string(7, contribDomain);
  return writer;
}

function attributeProto(name: string, attribute: Attribute): ProtobufWriter {
  const writer = new ProtobufWriter().string(1, name);
  if ("float" in attribute) return writer.float(2, attribute.float).int(20, 1);
  if ("int" in attribute) return writer.int(3, attribute.int).int(20, 2);
  if ("text" in attribute) return writer.string(4, attribute.text).int(20, 3);
  if ("graph" in attribute) return writer.message(6, attribute.graph.graph("body")).int(20, 5);
  for (const value of attribute.ints) writer.int(8, value);
  return writer.int(20, 7);
}

function tensor(type: ElementType, shape: readonly number[], bytes: Uint8Array): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const size of shape) writer.int(1, size);
  return writer.int(2, elementTypes[type]).bytes(9, bytes);
}

function valueInfo(name: Value, type: ElementType, shape: readonly Dimension[]): ProtobufWriter {
  const shapeWriter = new ProtobufWriter();
  for (const size of shape) {
    const dimension = new ProtobufWriter();
    shapeWriter.message(1, typeof size === "number" ? dimension.int(1, size) : dimension.string(2, size));
  }
  const tensorType = new ProtobufWriter().int(1, elementTypes[type]).message(2, shapeWriter);
  return new ProtobufWriter().string(1, name).message(2, new ProtobufWriter().message(1, tensorType));
}
