import type { TaskKind } from '../../domain/task.ts';

/** The benchmarks' own names of subjects and tasks, by the kind that they are examples of. */
const TASKS_OF_KIND: Readonly<Partial<Record<TaskKind, string>>> = {
  'word-problem': 'gsm8k gsm agentverse-mgsm',
  mathematics:
    'abstract_algebra college_mathematics high_school_mathematics high_school_statistics elementary_mathematics math',
  physics: 'astronomy college_physics conceptual_physics high_school_physics physics',
  chemistry: 'college_chemistry high_school_chemistry chemistry',
  engineering: 'electrical_engineering engineering',
  biology: 'college_biology high_school_biology biology',
  medicine:
    'anatomy clinical_knowledge college_medicine medical_genetics nutrition professional_medicine virology human_aging health',
  law: 'international_law jurisprudence professional_law law',
  business:
    'business_ethics management marketing professional_accounting public_relations business econometrics high_school_macroeconomics high_school_microeconomics economics',
  history:
    'high_school_european_history high_school_us_history high_school_world_history prehistory world_religions high_school_geography high_school_government_and_politics security_studies us_foreign_policy sociology global_facts history',
  psychology:
    'philosophy moral_disputes moral_scenarios professional_psychology high_school_psychology psychology human_sexuality',
  computing:
    'college_computer_science high_school_computer_science computer_security machine_learning computer_science',
  logic: 'formal_logic logical_fallacies',
  knowledge: 'miscellaneous other',
  commonsense: 'arc_challenge openbook_qa',
  'open-question': 'trivia_qa',
  writing: 'commongen',
  reading: 'mmlu',
  code: 'human_eval',
  'code-reasoning': 'crux',
};

const KIND_OF_TASK = new Map(
  Object.entries(TASKS_OF_KIND).flatMap(
    ([kind, tasks]) =>
      tasks.split(' ').map((task) => [task.replaceAll('_', ' '), kind as TaskKind] as const), // a key of the record
  ),
);

/** The kind of a benchmark's task; undefined for a task that is not known. */
export function kindOfTask(task: string): TaskKind | undefined {
  return KIND_OF_TASK.get(task.replaceAll('_', ' '));
}
