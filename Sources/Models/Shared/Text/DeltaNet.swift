import Compute
import Diagnostics

@preconcurrency import Glibc

/// The Gated DeltaNet of a text layer (arXiv 2412.06464; HF `Qwen3_5GatedDeltaNet`): products, a causal
/// convolution, the gated delta rule, and a gated norm of each head's output.
struct DeltaNet: Sendable {
  let rule: DeltaRule
  private let mixed: Linear
  private let gates: Linear
  private let decay: Linear
  private let rate: Linear
  /// `[taps, channels]`, the newest row's last.
  private let convolution: [Float]
  /// `[valueHeads]`: the factor of each head's decay.
  private let decayRates: [Float]
  /// `[valueHeads]`.
  private let decayBias: [Float]
  private let norm: RMSNorm
  private let output: Linear

  /// Its products. Those of decay and rate are small and never packed: decays multiply up over the whole
  /// prompt. Nor are the inputs of any of them rounded to bf16, because what is written into a state stays
  /// there: with rounding, logits of the small reference models end up to 13 % off in bf16, without it 5 %.
  var products: [Linear] { [mixed, gates, decay, rate, output] }

  init(
    _ name: String, _ rule: DeltaRule, hiddenSize: Int, epsilon: Float,
    from source: any WeightSource
  ) throws(Failure) {
    self.rule = rule
    func linear(_ part: String, _ inputs: Int, _ outputs: Int) throws(Failure) -> Linear {
      try source.linear(name + part, inputs: inputs, outputs: outputs, bias: false)
    }
    func exact(_ part: String, _ inputs: Int, _ outputs: Int) throws(Failure) -> Linear {
      let linear = try linear(part, inputs, outputs)
      guard case .stored(var weights) = linear.weights else { return linear }
      weights.mayRoundInputs = false
      return Linear(weight: weights)
    }
    func small(_ part: String) throws(Failure) -> Linear {
      var weight = try source.weights(
        name + part + ".weight", shape: [rule.valueHeads, hiddenSize])
      weight.mayRoundInputs = false
      return Linear(weight: weight)
    }
    mixed = try exact("in_proj_qkv", hiddenSize, rule.channels)
    gates = try exact("in_proj_z", hiddenSize, rule.valueColumns)
    decay = try small("in_proj_a")
    rate = try small("in_proj_b")
    let filters = try source.weights(name + "conv1d.weight", shape: [rule.channels, 1, rule.taps])
      .floats
    convolution = (0..<rule.taps * rule.channels).map { index in
      filters[index % rule.channels * rule.taps + index / rule.channels]
    }
    decayRates = try source.vector(name + "A_log", count: rule.valueHeads).map { expf($0) }
    decayBias = try source.vector(name + "dt_bias", count: rule.valueHeads)
    norm = try source.rmsNorm(name + "norm", size: rule.valueSize, epsilon: epsilon)
    output = try exact("out_proj", rule.valueColumns, hiddenSize)
  }

  /// `x += output(norm(rule(…)))` for the next rows of a prompt or an answer.
  ///
  /// - Parameters:
  ///   - x: `[rows, hidden]`.
  ///   - normalized: `[rows, hidden]`.
  ///   - state: what the layer remembers of the rows before; changed.
  ///   - stop: the number of rows after which a copy of the state is made; `nil` for no copy.
  ///   - trace: called with the names and rows of intermediate results.
  /// - Returns: the copy.
  @discardableResult
  func apply(
    _ x: MatrixView, _ normalized: MatrixView, _ buffers: TextBuffers, state: DeltaState,
    copyAfter stop: Int? = nil, trace: ((String, MatrixView) -> Void)? = nil, threads: ThreadTeam
  ) throws(Failure) -> DeltaState? {
    let rows = 0..<x.rows
    let (mixed, gates) = (buffers.mixed[rows: rows], buffers.gates[rows: rows])
    let (decay, rate) = (buffers.decay[rows: rows], buffers.rate[rows: rows])
    try Linear.apply([(self.mixed, mixed), (self.gates, gates)], normalized, threads: threads)
    try Linear.apply([(self.decay, decay), (self.rate, rate)], normalized, threads: threads)
    rule.gates(decay, rate, rate: decayRates, bias: decayBias, threads: threads)
    trace?("g", decay)
    trace?("beta", rate)
    var copy: DeltaState?
    for part in stop.map({ [0..<$0, $0..<x.rows] }) ?? [rows] where !part.isEmpty {
      let own = mixed[rows: part]
      rule.convolve(own, weights: convolution, state: state, threads: threads)
      trace?("conv_out", own)
      try rule.apply(
        own, decay: decay[rows: part], rate: rate[rows: part], state: state, threads: threads)
      if part.upperBound == stop { copy = try DeltaState(copying: state) }
    }
    let core = mixed[columns: 2 * rule.keyColumns..<rule.channels]
    trace?("core", core)
    norm.apply(core, gate: gates, threads: threads)
    if let trace {
      let out = try Matrix(rows: x.rows, columns: x.columns)
      try output.apply(core, to: out.view, threads: threads)
      trace("out", out.view)
    }
    try output.apply(core, to: x, accumulate: true, threads: threads)
    return copy
  }
}
